/** How a piece of a line looks. */
export type Style = 'plain' | 'strong' | 'faint' | 'good' | 'warning' | 'bad' | 'error'

/** A piece of a line. */
export interface Span {
  readonly text: string
  readonly style: Style
}

/** A line on the screen. Its texts contain only visible characters. */
export type Line = readonly Span[]

/**
 * A piece of a line, safe to print: the text may come from a stranger, and a terminal obeys control characters.
 * Formatting characters go as well: they reorder or hide what a person reads.
 */
export function span(text: string, style: Style = 'plain'): Span {
  return { text: printable(text), style }
}

/** A text without anything that a terminal would obey, each such character shown as `?`. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
}

// Letters of East Asia and pictures take two cells, marks that join the letter before them none.
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u
const JOINING = /\p{M}/u

/** The cells of a terminal that a text takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of text) width += cellsOf(letter)
  return width
}

function cellsOf(letter: string): number {
  if (letter.length === 1 && letter < '\u0300') return 1
  return JOINING.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1
}

/** The beginning of a text that fits. */
export function clip(text: string, width: number): string {
  let cells = 0
  let clipped = ''
  for (const letter of text) {
    cells += cellsOf(letter)
    if (cells > width) break
    clipped += letter
  }
  return clipped
}

/** A text in a column, cut where it is longer, with one cell of space after it. */
export function column(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const fitting = clip(printable(text), width - 1)
  const space = ' '.repeat(width - 1 - widthOf(fitting))
  return side === 'left' ? `${fitting}${space} ` : `${space}${fitting} `
}

/** The beginning of a line that fits. */
export function clipLine(line: Line, width: number): Line {
  let left = width
  return line.map(({ text, style }) => {
    const fitting = clip(text, left)
    left -= widthOf(fitting)
    return { text: fitting, style }
  })
}

const CODES: Readonly<Record<Style, { readonly on: string; readonly off: string }>> = {
  plain: { on: '', off: '' },
  strong: { on: '\u001b[1m', off: '\u001b[22m' },
  faint: { on: '\u001b[2m', off: '\u001b[22m' },
  good: { on: '\u001b[32m', off: '\u001b[39m' },
  warning: { on: '\u001b[33m', off: '\u001b[39m' },
  bad: { on: '\u001b[31m', off: '\u001b[39m' },
  error: { on: '\u001b[1;31m', off: '\u001b[0m' },
}

/** A line as it is written, with colours or without. */
export function paint(line: Line, hasColours: boolean): string {
  if (!hasColours)
    return line
      .map(({ text }) => text)
      .join('')
      .trimEnd()
  return line.map(({ text, style }) => `${CODES[style].on}${text}${CODES[style].off}`).join('')
}
