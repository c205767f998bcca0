/**
 * The parameters of a path that matches a pattern, decoded: `:name` is one segment, `*` at the end the rest of the path, with
 * its slashes. One that is not well encoded stays as it was sent. Undefined where the path does not match.
 */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  const takesRest = wanted.at(-1) === '*'
  if (takesRest ? given.length < wanted.length : given.length !== wanted.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const isRest = segment === '*'
    const name = isRest ? '*' : segment.startsWith(':') ? segment.slice(1) : undefined
    const sent = isRest ? given.slice(index).join('/') : (given[index] ?? '')
    if (name === undefined ? sent !== segment : sent === '') return undefined
    if (name !== undefined) parameters[name] = decode(sent)
  }
  return parameters
}

/** Whether a path of a face has parameters. */
export function hasParameters(pattern: string): boolean {
  return pattern.includes('/:') || pattern.endsWith('/*')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
