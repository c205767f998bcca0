/** A header value and its parameters: `form-data; name="a"` is `form-data` and `name` → `a`. */
export interface ParameterizedValue {
  /** Lower case. */
  readonly value: string
  /** By lower-case name; the first of several with one name. */
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads a header of the form of Content-Type and Content-Disposition (RFC 9110 §5.6.6, RFC 2183): parameters in any
 * order, quoted or not, white space around them or not.
 *
 * Inside quotes a backslash escapes a quote and itself. Before any other character it is literal, as old browsers send
 * the paths of Windows.
 */
export function parseParameters(header: string): ParameterizedValue {
  const [value = '', ...parts] = splitUnquoted(header)
  const parameters = new Map<string, string>()
  for (const part of parts) {
    const equals = part.indexOf('=')
    if (equals === -1) continue
    const name = part.slice(0, equals).trim().toLowerCase()
    if (!parameters.has(name)) parameters.set(name, unquote(part.slice(equals + 1).trim()))
  }
  return { value: value.trim().toLowerCase(), parameters }
}

/** Splits at the semicolons that are not inside quotes. */
function splitUnquoted(header: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let index = 0; index < header.length; index += 1) {
    const character = header[index]
    if (character === '\\' && quoted) index += 1
    else if (character === '"') quoted = !quoted
    else if (character === ';' && !quoted) {
      parts.push(header.slice(start, index))
      start = index + 1
    }
  }
  return [...parts, header.slice(start)]
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text
  const end = text.length > 1 && text.endsWith('"') ? -1 : undefined
  return text.slice(1, end).replace(/\\(["\\])/g, '$1')
}

/**
 * Decodes an extended value, as `filename*` has it (RFC 8187): `UTF-8''%e2%82%ac.txt`. `undefined` where it is not one
 * in UTF-8.
 */
export function decodeExtendedValue(text: string): string | undefined {
  const [charset, , encoded] = text.split("'", 3)
  if (charset?.toLowerCase() !== 'utf-8' || encoded === undefined) return undefined
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
