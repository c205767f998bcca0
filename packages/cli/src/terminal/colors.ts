/** The part of a stream that says whether a person looks at it. */
export interface MaybeTerminal {
  readonly isTTY?: boolean | undefined
}

/**
 * Whether a stream is written in colour: a terminal is, unless `NO_COLOR` is set (https://no-color.org) or it is `dumb`.
 * `FORCE_COLOR` decides for any stream, `0` and `false` against it, as in Node.
 */
export function hasColors(stream: MaybeTerminal, environment: NodeJS.ProcessEnv = process.env): boolean {
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb'
}
