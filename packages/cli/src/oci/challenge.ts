/** What a registry asks for: RFC 9110 §11.6.1, as the distribution specification uses it. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

const PARAMETER = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi

/** Reads `WWW-Authenticate` with one challenge, which is what registries send. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const [, scheme, rest = ''] = /^\s*([\w-]+)(?:\s+(.*))?$/s.exec(header ?? '') ?? []
  if (scheme === undefined) return undefined
  const parameters = [...rest.matchAll(PARAMETER)].map(
    ([, name = '', quoted, plain = '']) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain] as const,
  )
  return { scheme: scheme.toLowerCase(), parameters: new Map(parameters) }
}
