import { join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import * as v from 'valibot'
import { claim, listFolder, readText, writeNew } from './disk.ts'

/** The digits of the name of an entry: `000001.json`. */
const DIGITS = 6

/**
 * What has happened to one thing, as numbered files that nobody ever changes. An entry is written whole, then linked to the next
 * number, which one process alone can take: of writers at the same time, one comes first and the others see its entry.
 */
export class Journal<Entry> {
  readonly folder: string
  readonly #schema: v.GenericSchema<unknown, Entry>

  constructor(folder: string, schema: v.GenericSchema<unknown, Entry>) {
    this.folder = folder
    this.#schema = schema
  }

  /**
   * Every entry, the oldest first.
   *
   * @throws {StartupError} `model_damaged`
   */
  async read(): Promise<readonly Entry[]> {
    const names = (await listFolder(this.folder)).filter(name => /^\d+\.json$/.test(name))
    const entries = await Promise.all(names.map(name => this.#readEntry(join(this.folder, name))))
    return entries.filter(entry => entry !== undefined)
  }

  /**
   * Adds an entry.
   *
   * @param options.after - How many entries there were when it was decided on.
   * @param options.draft - A path for the unfinished file, on the same file system.
   * @returns Whether it is in. Not, where another process has added one since.
   */
  async append(entry: Entry, { after, draft }: { readonly after: number; readonly draft: string }): Promise<boolean> {
    await writeNew(draft, `${JSON.stringify(entry)}\n`)
    return claim(draft, join(this.folder, `${String(after + 1).padStart(DIGITS, '0')}.json`))
  }

  async #readEntry(path: string): Promise<Entry | undefined> {
    const text = await readText(path)
    if (text === undefined) return undefined
    const read = v.safeParse(this.#schema, parse(text))
    if (read.success) return read.output
    throw new StartupError({
      code: 'model_damaged',
      found: `${path} is not as incant wrote it`,
      instead: 'Restore it from a backup, or delete it: what it recorded is then unknown.',
    })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
