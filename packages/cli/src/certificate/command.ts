import type { Command } from '../arguments/command-definition.ts'
import { type CommandOption, toFlag } from '../arguments/option.ts'

const FLAGS: Readonly<Record<'out' | 'name' | 'client' | 'expires', CommandOption>> = {
  out: { kind: 'value', placeholder: 'DIR', doc: 'The folder to write to. Default: certificates.' },
  name: {
    kind: 'value',
    placeholder: 'NAME',
    repeatable: true,
    doc: 'A name or an address of the server. May be given more than once. Default: localhost, 127.0.0.1 and ::1.',
  },
  client: {
    kind: 'value',
    placeholder: 'NAME',
    doc: 'Also a certificate for a caller of this name, for mutual TLS.',
  },
  expires: { kind: 'value', placeholder: 'DURATION', doc: 'How long they are valid: 90d, 12h. Default: 90d.' },
}

/** `incant cert dev`. */
export const CERTIFICATE_COMMAND: Command = {
  name: 'cert dev',
  usage: '[--name NAME]... [--out DIR]',
  summary:
    'Make an authority and a certificate for trying a private server. What callers trust is ca.pem; its key is not kept.',
  example: 'incant cert dev --name localhost --client billing',
  options: Object.entries(FLAGS).map(([name, definition]) => toFlag(name, definition)),
}
