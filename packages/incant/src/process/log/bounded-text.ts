/** Characters of one text in a line of the log, where others cut lines, too. */
export const LONGEST_TEXT: number = 16 * 1024

/** A text, cut if it is too long for a line; the length of the rest is given at its end. */
export function boundText(text: string, longest: number = LONGEST_TEXT): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}${describeRest(text.length - longest, 'characters')}`
}

/** The text in place of the part that was cut off. */
export function describeRest(count: number, unit: 'bytes' | 'characters'): string {
  return `… (${count} more ${unit})`
}
