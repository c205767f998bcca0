import { printable, widthOf } from './text.ts'

/** Rows in columns. */
export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map(row => row.map(cell => printable(cell)))
  const widths = (clean[0] ?? []).map((_, index) => Math.max(...clean.map(row => widthOf(row[index] ?? ''))))
  return clean
    .map(row =>
      row
        .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
