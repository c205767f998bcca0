import type { CommandOption } from './option.ts'

/** What a command sends to the server that it asks. */
export const CONNECTION_FLAGS: Readonly<Record<'token-env' | 'token-file' | 'header' | 'ca', CommandOption>> = {
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
