/** Characters of one text in a line of the log, where others cut lines, too. */
export const LONGEST_TEXT: number = 16 * 1024

/** A text cut where it is too long for a line; how much is missing stands at its end. */
export function boundText(text: string, longest: number = LONGEST_TEXT): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}${describeRest(text.length - longest, 'characters')}`
}

/** What stands in place of what was cut off. */
export function describeRest(count: number, unit: 'bytes' | 'characters'): string {
  return `… (${count} more ${unit})`
}
