import type { Command } from './command-definition.ts'
import { type CommandOption, toFlag } from './option.ts'

const FLAGS: Readonly<Record<string, CommandOption>> = {
  kind: {
    kind: 'value',
    placeholder: 'KIND',
    doc: 'plain, batch, stream, chat or image. Default: a terminal asks, and plain elsewhere.',
  },
}

/** `incant init`. No option is an environment variable. */
export const INIT_COMMAND: Command = {
  name: 'init',
  usage: '[DIR]',
  summary: 'Write a new project with a predictor and its test. Files that exist are never replaced.',
  example: 'incant init words --kind stream',
  options: Object.entries(FLAGS).map(([name, definition]) => toFlag(name, definition)),
}
