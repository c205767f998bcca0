import * as v from 'valibot'
import { fileSystem } from '../../files/node-modules.ts'
import { PatientReader } from '../../files/patient-reader.ts'
import type { Logger } from '../../log/logger.ts'
import { systemCode } from './file/failure.ts'
import type { LockOptions } from './file/lock.ts'
import { changeFile, resolveTarget } from './file/replace.ts'

/** When tokens were last used, by id, in milliseconds since the epoch. */
export type LastUses = ReadonlyMap<string, number>

const INTERVAL = 60_000

/** Older entries are removed, so that the file does not grow with every token ever used. */
const REMEMBERED = 366 * 86_400_000

/** At the end a server does not wait long for what only serves a list. */
const HURRY: LockOptions = { patience: 500 }

const schema = v.object({
  version: v.literal(1),
  lastUsed: v.record(v.string(), v.pipe(v.string(), v.transform(Date.parse), v.finite())),
})

/**
 * Notes when tokens are used, and writes it once a minute into a separate file beside that of the tokens. So a server
 * never writes the file that controls access, and needs no right to.
 */
export class LastUseLog {
  readonly #path: string
  readonly #logger: Logger
  readonly #timer: NodeJS.Timeout
  readonly #noted = new Map<string, number>()
  #isReported = false

  /** @param path - The file of the tokens. */
  constructor(path: string, logger: Logger) {
    this.#path = path
    this.#logger = logger
    this.#timer = setInterval(() => void this.flush(), INTERVAL)
    this.#timer.unref()
  }

  /** The uses since the file was last written. */
  get noted(): LastUses {
    return this.#noted
  }

  note(id: string, at: number): void {
    this.#noted.set(id, at)
  }

  /** Writes what has been noted. What cannot be written stays in memory; the log says so once. */
  async flush(options?: LockOptions): Promise<void> {
    const noted = new Map(this.#noted)
    if (noted.size === 0) return
    try {
      await addLastUses(this.#path, noted, options)
      for (const [id, at] of noted) if (this.#noted.get(id) === at) this.#noted.delete(id)
    } catch (thrown) {
      this.#report(systemCode(thrown))
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await new PatientReader()
      .read(this.#path, () => this.flush(HURRY))
      .catch(thrown => this.#report(systemCode(thrown)))
  }

  #report(code: string | undefined): void {
    if (this.#isReported) return
    this.#isReported = true
    const fields = { file: this.#path, code }
    this.#logger.log('info', 'cannot write when tokens were last used', fields)
  }
}

/** The last uses of the tokens of a file; empty if they cannot be read. */
export async function readLastUses(path: string): Promise<LastUses> {
  try {
    return parseLastUses(await fileSystem().promises.readFile(await besides(path), 'utf8'))
  } catch {
    return new Map()
  }
}

async function addLastUses(path: string, noted: LastUses, options?: LockOptions): Promise<void> {
  await changeFile(
    await besides(path),
    text => ({ text: formatLastUses(latest(parseLastUses(text), noted)), result: undefined }),
    options,
  )
}

async function besides(path: string): Promise<string> {
  return `${await resolveTarget(path)}.last-use`
}

/** Two of these, each id with its later time. */
export function latest(one: LastUses, other: LastUses): LastUses {
  const later = [...other].map(([id, at]) => [id, Math.max(at, one.get(id) ?? at)] as const)
  return new Map([...one, ...later])
}

function parseLastUses(text: string | undefined): LastUses {
  try {
    const { lastUsed } = v.parse(schema, JSON.parse(text ?? ''))
    return new Map(Object.entries(lastUsed))
  } catch {
    return new Map()
  }
}

function formatLastUses(uses: LastUses): string {
  const recent = [...uses].filter(([, at]) => at > Date.now() - REMEMBERED)
  const written = recent.map(([id, at]) => [id, new Date(at).toISOString()] as const)
  return `${JSON.stringify({ version: 1, lastUsed: Object.fromEntries(written) }, null, 2)}\n`
}
