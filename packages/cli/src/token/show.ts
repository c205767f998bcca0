import type { TokenListing } from 'incant/auth'
import { tokenState } from 'incant/internal'

/** A token as `--json` prints it: times in ISO 8601. */
export function tokenToJSON(token: TokenListing, now: number): Readonly<Record<string, unknown>> {
  const { id, name, scopes, created, notBefore, expires, revoked, replacedBy, lastUsed } = token
  const times = { created, notBefore, expires, revoked, lastUsed }
  const written = Object.entries(times).flatMap(([label, at]) =>
    at === undefined ? [] : [[label, toISO(at)] as const],
  )
  return { id, name, scopes, state: tokenState(token, now), replacedBy, ...Object.fromEntries(written) }
}

/** Everything known of tokens, one a line. */
export function formatTokens(tokens: readonly TokenListing[], now: number): string {
  if (tokens.length === 0) return 'no tokens'
  const rows = [HEAD, ...tokens.map(token => toRow(token, now))]
  const widths = HEAD.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const HEAD = ['ID', 'NAME', 'STATE', 'SCOPES', 'CREATED', 'NOT BEFORE', 'EXPIRES', 'LAST USED']

function toRow(token: TokenListing, now: number): string[] {
  const { id, name = '-', scopes, created, notBefore, expires, revoked, lastUsed } = token
  const times = [created, notBefore, revoked ?? expires, lastUsed].map(formatTime)
  return [id, name, tokenState(token, now), scopes.join(',') || '-', ...times]
}

/** Lists the facts about a new token. */
export function describeToken({ id, name, scopes, notBefore, expires }: TokenListing): string {
  return [
    `token ${id}`,
    name === undefined ? '' : ` for ${name}`,
    scopes.length === 0 ? '' : `, scopes ${scopes.join(',')}`,
    notBefore === undefined ? '' : `, valid from ${formatTime(notBefore)}`,
    expires === undefined ? ', valid until it is revoked' : `, valid until ${formatTime(expires)}`,
  ].join('')
}

/** To the minute, in UTC. */
export function formatTime(at: number | undefined): string {
  return at === undefined ? '-' : `${toISO(at).slice(0, 16)}Z`
}

function toISO(at: number): string {
  return new Date(at).toISOString()
}
