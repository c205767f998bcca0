/** A word for a POSIX shell: single quotes keep everything but themselves. */
export function quoteShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** A word whose `$NAME`s are variables of the shell, and nothing else is. */
export function quoteWithVariables(text: string): string {
  return `"${text.replace(/[\\"`]/g, '\\$&')}"`
}

/** A value as a literal of Python, whose strings read JSON's escapes. */
export function toPython(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(toPython).join(', ')}]`
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}: ${toPython(member)}`)
      .join(', ')}}`
  }
  return JSON.stringify(value)
}
