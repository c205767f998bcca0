import { type SpawnedReplica, type SpawnOptions, spawnReplica } from './spawn-replica.ts'

/**
 * A process that is started ahead of the engine it is for: it loads what every replica needs while the front still finds
 * out what it will have to load.
 */
export class EarlyReplica {
  #spawned: SpawnedReplica | undefined

  /** @throws {SpawnError} Where the system has no file descriptor left. */
  constructor(options: SpawnOptions) {
    this.#spawned = spawnReplica(options)
  }

  /** The process, once, and only while it lives. */
  take(): SpawnedReplica | undefined {
    const spawned = this.#spawned
    this.#spawned = undefined
    const isAlive = spawned?.child.exitCode === null && spawned.child.signalCode === null
    return isAlive ? spawned : undefined
  }
}
