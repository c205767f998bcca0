/** The result of reading numbers from text. */
export type ReadNumbers<Item> =
  | { readonly ok: true; readonly value: readonly Item[] }
  | { readonly ok: false; readonly reason: string }

/** Reads numbers separated by commas, semicolons or white space, or JSON. */
export function readNumbers(text: string): ReadNumbers<number> {
  const words = text
    .replace(/[[\]]/g, ' ')
    .split(/[\s,;]+/)
    .filter(word => word !== '')
  const value = new Array<number>(words.length)
  for (const [index, word] of words.entries()) {
    const number = Number(word)
    if (Number.isNaN(number))
      return {
        ok: false,
        reason: `Number ${index + 1} is ${JSON.stringify(word.slice(0, 20))}, which is not a number.`,
      }
    value[index] = number
  }
  return { ok: true, value }
}

/** Reads decimal integers of any size, which are strings in JSON. */
export function readIntegers(text: string): ReadNumbers<string> {
  const value = text
    .replace(/[[\]"]/g, ' ')
    .split(/[\s,;]+/)
    .filter(word => word !== '')
  const wrong = value.findIndex(word => !/^-?\d+$/.test(word))
  if (wrong < 0) return { ok: true, value }
  return {
    ok: false,
    reason: `Number ${wrong + 1} is ${JSON.stringify(value[wrong]?.slice(0, 20))}, which is not an integer.`,
  }
}

/** Reads rows of numbers, one row a line, or JSON. */
export function readMatrix(text: string): ReadNumbers<readonly number[]> {
  const isJSON = /^\s*\[\s*\[/.test(text)
  const lines = isJSON ? text.split(/\]\s*,?\s*/) : text.split('\n')
  const rows: (readonly number[])[] = []
  for (const line of lines) {
    if (line.replace(/[[\]\s]/g, '') === '') continue
    const read = readNumbers(line)
    if (!read.ok) return { ok: false, reason: `Row ${rows.length + 1}: ${read.reason}` }
    rows.push(read.value)
  }
  return { ok: true, value: rows }
}
