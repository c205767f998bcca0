import type { Command } from '../arguments/command-definition.ts'
import { type CommandOption, type Flag, toFlag } from '../arguments/option.ts'

/** The flags of `incant token`. */
export type TokenFlag = 'store' | 'name' | 'scopes' | 'expires' | 'notBefore' | 'grace' | 'json'

const FLAGS: Readonly<Record<TokenFlag, CommandOption>> = {
  store: { kind: 'value', placeholder: 'FILE', doc: 'The file of tokens, as tokenFile() in the predictor names it.' },
  name: { kind: 'value', placeholder: 'NAME', doc: 'The name of its user. Logs show it beside the id.' },
  scopes: { kind: 'value', placeholder: 'A,B', doc: 'What the token allows, for @requireScopes.' },
  expires: {
    kind: 'value',
    placeholder: 'WHEN',
    doc: 'When it ends: in 90d, 12h, 30m or 45s from now, or at 2027-01-31 or 2027-01-31T12:00Z. Default: when it is revoked; after a rotation, as long from now as the old one was made for.',
  },
  notBefore: { kind: 'value', placeholder: 'WHEN', doc: 'When it begins, as --expires has it. Default: now.' },
  grace: {
    kind: 'value',
    placeholder: 'DURATION',
    doc: 'How long the old token stays valid: 7d, 24h, 30m, 45s or 0. Default: 24h.',
  },
  json: { kind: 'switch', doc: 'Print JSON.' },
}

/** What `incant token` can do. */
export type TokenAction = 'create' | 'list' | 'rotate' | 'revoke'

/** Every action as a command with its help. No option is an environment variable: each belongs to one call. */
export const TOKEN_COMMANDS: Readonly<Record<TokenAction, Command>> = {
  create: {
    name: 'token create',
    usage: '--store FILE',
    summary:
      'Create a token, and the file where there is none. The token is the only text on standard output, and is shown only this once.',
    example: 'TOKEN=$(incant token create --store tokens.json --name billing --scopes predict --expires 90d)',
    options: select('store', 'name', 'scopes', 'expires', 'notBefore', 'json'),
  },
  list: {
    name: 'token list',
    usage: '--store FILE',
    summary: 'Show the tokens and when they were last used, also those that ended in the last 90 days. Never a secret.',
    example: 'incant token list --store tokens.json',
    options: select('store', 'json'),
  },
  rotate: {
    name: 'token rotate',
    usage: '--store FILE ID | --name NAME',
    summary:
      'Make a token that follows another, which stays valid for the grace period. Shows the new one as create does.',
    example: 'TOKEN=$(incant token rotate --store tokens.json --name billing --grace 24h)',
    options: select('store', 'name', 'grace', 'expires', 'json'),
  },
  revoke: {
    name: 'token revoke',
    usage: '--store FILE ID... | --name NAME',
    summary: 'End tokens at once; by name all of that name. Servers know it within a second.',
    example: 'incant token revoke --store tokens.json k3Jx0aPq2Z',
    options: select('store', 'name', 'json'),
  },
}

function select(...names: readonly TokenFlag[]): readonly Flag[] {
  return names.map(name => toFlag(name, FLAGS[name]))
}
