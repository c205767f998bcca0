import type { OptionDefinition } from 'incant/internal'
import type { Command } from './command-definition.ts'
import { CONNECTION_FLAGS } from './connection-flags.ts'
import { type CommandOption, toFlag } from './option.ts'

/** How often a server is read. */
export const INTERVAL: OptionDefinition & { readonly kind: 'duration' } = {
  kind: 'duration',
  default: 1000,
  minimum: 100,
  doc: 'Time between two readings.',
}

const FLAGS: Readonly<Record<string, CommandOption | OptionDefinition>> = {
  interval: INTERVAL,
  once: {
    kind: 'switch',
    doc: 'Print one report after one interval and exit, as it does where the output is no terminal.',
  },
  ...CONNECTION_FLAGS,
}

/** `incant top`. No option is an environment variable: each belongs to one call. */
export const TOP_COMMAND: Command = {
  name: 'top',
  usage: 'URL',
  summary: 'Watch a running server in the terminal, by its metrics. q or Ctrl-C ends it.',
  example: 'incant top http://127.0.0.1:8000',
  options: Object.entries(FLAGS).map(([name, definition]) => toFlag(name, definition)),
}
