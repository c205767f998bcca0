import type { ReplicaProcess } from './replica-process.ts'

/** The time that a replica with calls in flight has to answer before the last known answer is used, in milliseconds. */
const BUSY_PATIENCE = 5
/** The same of a replica without calls: its `health()` may look at something that takes time. */
const IDLE_PATIENCE = 250

/**
 * The predictor's own word on its health, and the last one while a replica computes: that it answers late then is no
 * illness, and probes have little time.
 */
export class KnownHealth {
  #recall: () => unknown = () => ({ status: 'ok' })

  /** Asks a replica. Undefined: none has room, and the last word counts. */
  async ask(replica: ReplicaProcess | undefined, isAlive: () => boolean): Promise<unknown> {
    if (replica === undefined) return this.#recall()
    const asked = this.#listen(replica, isAlive)
    let isAnswered = false
    const note = () => {
      isAnswered = true
    }
    // If the last known answer is used, a later failure has no other listener.
    asked.then(note, note)
    const known = runOut(() => isAnswered || replica.inFlight > 0).then(() => this.#recall())
    return Promise.race([asked, known])
  }

  async #listen(replica: ReplicaProcess, isAlive: () => boolean): Promise<unknown> {
    try {
      const value = await replica.health()
      this.#recall = () => value
      return value
    } catch (thrown) {
      // A death says nothing of the replica that follows.
      if (isAlive()) this.#recall = () => Promise.reject(thrown)
      throw thrown
    }
  }
}

/** Settles when the replica has had its time. It may get a call after the question, and has less from then on. */
async function runOut(isEnough: () => boolean): Promise<void> {
  for (let waited = 0; waited < IDLE_PATIENCE; waited += BUSY_PATIENCE) {
    await patience(BUSY_PATIENCE)
    if (isEnough()) return
  }
}

function patience(milliseconds: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, milliseconds).unref()
  })
}
