import type { LogLevel } from '../../log/logger.ts'

/** Puts a text in colour, or leaves it as it is. */
export type Paint = (text: string) => string

const CODES = { dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

/** A colour of a terminal. */
export type Color = keyof typeof CODES

/** Paints with a colour; not at all where colours are off. */
export function paintWith(color: Color, colors: boolean): Paint {
  return colors ? text => `\u001b[${CODES[color]}m${text}\u001b[0m` : text => text
}

/** Paints what is said at a level. */
export function paintLevel(level: LogLevel, colors: boolean): Paint {
  return paintWith(({ debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const)[level], colors)
}

/** Paints a status: a success, a redirect, a caller's mistake, a server's fault. */
export function paintStatus(status: number, colors: boolean): Paint {
  if (status >= 500) return paintWith('red', colors)
  if (status >= 400) return paintWith('yellow', colors)
  return paintWith(status >= 300 ? 'cyan' : 'green', colors)
}
