/** Quotes a word for a POSIX shell. Single quotes protect every character except themselves. */
export function quoteShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** Quotes a word in which only `$NAME`s are expanded by the shell. */
export function quoteWithVariables(text: string): string {
  return `"${text.replace(/[\\"`]/g, '\\$&')}"`
}

/** Writes a value as a Python literal. Python strings understand the escapes of JSON. */
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
