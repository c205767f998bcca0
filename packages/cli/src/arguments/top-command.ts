import type { OptionDefinition } from 'incant/internal'
import type { Command } from './command-definition.ts'
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
  'token-env': {
    kind: 'value',
    placeholder: 'NAME',
    doc: 'The environment variable with the token that the server requires. It is sent as Authorization: Bearer.',
  },
  'token-file': { kind: 'value', placeholder: 'FILE', doc: 'A file with the token, instead.' },
  header: {
    kind: 'value',
    placeholder: 'NAME=VALUE',
    repeatable: true,
    doc: 'A header to send. May be given more than once. Other users can see a command line: a token belongs in --token-env or --token-file.',
  },
  ca: { kind: 'value', placeholder: 'FILE', doc: 'Certificates in PEM that the one of the server is checked against.' },
}

/** `incant top`. No option is an environment variable: each belongs to one call. */
export const TOP_COMMAND: Command = {
  name: 'top',
  usage: 'URL',
  summary: 'Watch a running server in the terminal, by its metrics. q or Ctrl-C ends it.',
  example: 'incant top http://127.0.0.1:8000',
  options: Object.entries(FLAGS).map(([name, definition]) => toFlag(name, definition)),
}
