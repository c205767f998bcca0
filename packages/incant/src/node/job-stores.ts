import type { JobsPlatform, OpenedStore } from '../app/jobs/jobs-platform.ts'
import { StartupError } from '../errors/startup-error.ts'
import { MemoryStore } from '../jobs/memory-store.ts'
import type { JobStore } from '../jobs/store.ts'
import { findStoreKind } from './find-store-kind.ts'
import { WebhookSender } from './webhooks/webhook-sender.ts'

interface Shared {
  readonly store: Promise<JobStore>
  users: number
}

/** What a store may need to be opened. */
interface Surroundings {
  readonly module: string | URL | undefined
  /** Bytes. */
  readonly memory: number
}

/** The stores of jobs of a server. Its models share them, and so do a model and the one that replaces it. */
export class JobStores {
  readonly #shared: Map<string, Shared> = new Map()

  /** What the jobs of a model need of Node. @param module - The module next to which packages of the predictor are installed. */
  platform(module: string | URL | undefined): JobsPlatform {
    return {
      openStore: (place, memory) => this.#open(place, { module, memory }),
      createTransport: allow => new WebhookSender({ allow }),
    }
  }

  async #open(place: string, surroundings: Surroundings): Promise<OpenedStore> {
    const shared = this.#shared.get(place) ?? { store: openStore(place, surroundings), users: 0 }
    this.#shared.set(place, shared)
    shared.users += 1
    try {
      return { store: await shared.store, release: async () => (await this.#release(place, shared))?.close() }
    } catch (thrown) {
      void this.#release(place, shared)
      throw thrown
    }
  }

  /** Returns the store if it was the last use of it. */
  #release(place: string, shared: Shared): Promise<JobStore> | undefined {
    shared.users -= 1
    if (shared.users > 0) return undefined
    this.#shared.delete(place)
    return shared.store
  }
}

/** Few servers have a store outside of their memory, so its code is loaded by those alone. */
async function openStore(place: string, { module, memory }: Surroundings): Promise<JobStore> {
  const kind = findStoreKind(place)
  switch (kind?.name) {
    case 'memory':
      return new MemoryStore(Date.now, memory)
    case 'postgres':
      return (await import('../jobs/postgres/open-postgres.ts')).openPostgresStore(place, module)
    case 'sqlite':
      return (await import('../jobs/sqlite/open-sqlite.ts')).openSQLiteStore(kind.path)
    case undefined:
      throw unknownStore()
  }
}

/** Without the text, which may have a password. */
function unknownStore(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'the option "jobsStore" names no store',
    instead: 'Write memory, the path of a file such as ./jobs.db, or postgres://USER:PASSWORD@HOST/DATABASE.',
  })
}
