/** One challenge of a 401. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

const PART = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,]+)|\s+(?=[\w!#$%&'*+.^`|~-]+\s*=)|)/g

/** Parses the challenges of `WWW-Authenticate` (RFC 9110 §11.6.1), which a browser joins with commas. */
export function parseChallenges(text: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  for (const [, name = '', value] of text.matchAll(PART)) {
    if (value === undefined) challenges.push({ scheme: name, parameters: {} })
    else {
      const last = challenges.at(-1)
      if (last !== undefined) last.parameters[name.toLowerCase()] = unquote(value)
    }
  }
  return challenges
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}
