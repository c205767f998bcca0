/** What a text of numbers has come to. */
export type ReadNumbers<Item> =
  | { readonly ok: true; readonly value: readonly Item[] }
  | { readonly ok: false; readonly reason: string }

/** Reads numbers that are separated by commas, semicolons, white space or line ends; JSON, too. */
export function readNumbers(text: string): ReadNumbers<number> {
  const words = text
    .replace(/[[\]]/g, ' ')
    .split(/[\s,;]+/)
    .filter(word => word !== '')
  const value = new Array<number>(words.length)
  for (const [index, word] of words.entries()) {
    const number = Number(word)
    if (Number.isNaN(number))
      return { ok: false, reason: `Number ${index + 1} is ${JSON.stringify(word.slice(0, 20))}, which is none.` }
    value[index] = number
  }
  return { ok: true, value }
}

/** Reads decimal integers of any size, which are texts on the wire. */
export function readIntegers(text: string): ReadNumbers<string> {
  const value = text
    .replace(/[[\]"]/g, ' ')
    .split(/[\s,;]+/)
    .filter(word => word !== '')
  const wrong = value.findIndex(word => !/^-?\d+$/.test(word))
  if (wrong < 0) return { ok: true, value }
  return {
    ok: false,
    reason: `Number ${wrong + 1} is ${JSON.stringify(value[wrong]?.slice(0, 20))}, which is no integer.`,
  }
}

/** Reads rows of numbers: a line is a row; JSON, too. */
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
