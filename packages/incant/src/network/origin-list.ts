import { StartupError } from '../errors/startup-error.ts'

/** The origins of web pages that may call: those that are named, or every origin where the list is `*`. */
export class OriginList {
  /** No page of another origin may call. */
  readonly isEmpty: boolean
  readonly isEverybody: boolean
  readonly #origins: ReadonlySet<string>

  /**
   * @param texts Origins as browsers write them (`http://localhost:5173`), or `*` alone.
   * @throws {StartupError} `invalid_option`, where one is not an origin.
   */
  constructor(texts: readonly string[]) {
    this.isEmpty = texts.length === 0
    this.isEverybody = texts.includes('*')
    if (this.isEverybody && texts.length > 1) throw everybodyAndMore()
    this.#origins = new Set(this.isEverybody ? [] : texts.map(readOrigin))
  }

  /** Whether pages of an origin, as the `Origin` line has it, may call. */
  has(origin: string): boolean {
    return this.isEverybody || this.#origins.has(origin)
  }
}

/** RFC 6454 §6.2: scheme, host and port, and nothing else. Extensions and apps have other schemes. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s*,]+$/i

function readOrigin(text: string): string {
  if (!ORIGIN.test(text) || !URL.canParse(text)) throw notAnOrigin(text)
  const { origin } = new URL(text)
  // A URL of a scheme that the standard does not know has the origin `null`; browsers send such origins as written.
  return origin === 'null' ? text : origin
}

function everybodyAndMore(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'corsOrigins has * beside other origins',
    instead: 'Name the origins that may call, or write * alone.',
  })
}

function notAnOrigin(text: string): StartupError {
  const guess = /^[\w.-]+:\d+$/.test(text) ? `http://${text}` : 'http://localhost:5173'
  return new StartupError({
    code: 'invalid_option',
    found: `corsOrigins has ${JSON.stringify(text)}, which is not an origin`,
    instead: `Write scheme, host and port as a browser does, without a path: ${guess}. Use * alone for every origin.`,
  })
}
