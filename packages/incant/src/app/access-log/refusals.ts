import { addressKey } from '../../auth/limits/address-key.ts'
import type { LogFields, Logger } from '../../log/logger.ts'

/** How often those refused again are reported, in milliseconds. */
const INTERVAL = 10_000

/** Kinds of refusals that are counted separately; refusals of further addresses are counted together. */
const MOST_KINDS = 500

/** Reasons that a caller without an account can bring about as often as it likes. */
const REASONS: ReadonlySet<unknown> = new Set([
  'unauthorized',
  'invalid_credentials',
  'malformed_credentials',
  'insufficient_scope',
  'rate_limited',
  'cross_site',
])

/** Refusals of one reason from one address. */
interface Kind {
  readonly fields: LogFields
  /** Not yet reported. */
  count: number
}

/** Whether a request was refused for its credentials, for coming too often, or for the page that sent it. */
export function isRefusal({ reason }: LogFields): boolean {
  return REASONS.has(reason)
}

/**
 * Tells the first refusal of its kind, by reason and address, from those that repeat it, and reports these with their
 * number every ten seconds, until there has been none for as long.
 */
export class Refusals {
  readonly #logger: Logger
  readonly #kinds = new Map<string, Kind>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Notes a refusal by the fields of its line, which is written where it is the first of its kind. */
  isFirst({ reason, status, client }: LogFields): boolean {
    const key = `${reason} ${typeof client === 'string' ? addressKey(client) : ''}`
    const known = this.#kinds.get(key)
    if (known !== undefined) known.count += 1
    else if (this.#kinds.size < MOST_KINDS) this.#kinds.set(key, { fields: { reason, status, client }, count: 0 })
    else this.#countOther(reason, status)
    this.#timer ??= startTimer(() => this.#report())
    return known === undefined && this.#kinds.has(key)
  }

  /** Reports what has not been. */
  close(): void {
    clearTimeout(this.#timer)
    for (const kind of this.#kinds.values()) this.#write(kind)
    this.#kinds.clear()
  }

  #countOther(reason: unknown, status: unknown): void {
    const other = this.#kinds.get(`${reason}`) ?? { fields: { reason, status, client: 'others' }, count: 0 }
    other.count += 1
    // One a reason, so that the bound is none less.
    this.#kinds.set(`${reason}`, other)
  }

  #report(): void {
    this.#timer = undefined
    for (const [key, kind] of this.#kinds) {
      if (kind.count === 0) this.#kinds.delete(key)
      else this.#write(kind)
    }
    if (this.#kinds.size > 0) this.#timer = startTimer(() => this.#report())
  }

  #write(kind: Kind): void {
    if (kind.count === 0) return
    this.#logger.log('warn', 'refused again', { ...kind.fields, count: kind.count })
    kind.count = 0
  }
}

/** One that keeps no process alive, where there are processes. */
function startTimer(work: () => void): ReturnType<typeof setTimeout> {
  const timer: ReturnType<typeof setTimeout> & { unref?(): unknown } = setTimeout(work, INTERVAL)
  timer.unref?.()
  return timer
}
