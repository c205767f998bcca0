import type { ChangeKind, JobChange } from '../store.ts'
import type { RunSQL, SQLDatabase } from './sql-database.ts'

const KINDS: readonly ChangeKind[] = ['waiting', 'cancel', 'job', 'webhook']

type Listener = (change: JobChange) => void

/** What has changed in a store, here and in other processes. */
export class ChangeFeed {
  readonly #database: SQLDatabase
  readonly #listeners: Set<Listener> = new Set()
  /** Tells what this process has published from what others have. */
  readonly #source: string = crypto.randomUUID()

  constructor(database: SQLDatabase) {
    this.#database = database
    database.listen?.(text => this.#receive(text))
  }

  watch(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells other processes, once the transaction is over. */
  async publish(run: RunSQL, changes: readonly JobChange[]): Promise<void> {
    for (const { key, kind } of changes) await this.#database.publish?.(run, `${this.#source} ${kind} ${key}`)
  }

  /** Tells this process. */
  tell(changes: readonly JobChange[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change)
  }

  close(): void {
    this.#listeners.clear()
  }

  #receive(text: string): void {
    const [source, kind, key = ''] = text.split(' ')
    const known = KINDS.find(each => each === kind)
    if (source !== this.#source && known !== undefined) this.tell([{ key, kind: known }])
  }
}
