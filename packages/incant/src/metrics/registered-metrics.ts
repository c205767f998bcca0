import promClient from 'prom-client'
import { type UserMetric, type UserMetrics, userMetrics } from './user-metrics.ts'

/** The metrics of prom-client's register, and which of them have changed. */
class RegisteredMetrics implements UserMetrics {
  readonly registry: typeof promClient.register = promClient.register
  /** Pairs of a name and a tag that `sendMetric` was given. */
  readonly custom: Set<string> = new Set()
  /** Of those that were made here, the version of their last change. */
  readonly #versions: Map<string, number> = new Map()
  /** Those that are being collected, and those of which it was said that they cannot be. */
  readonly #collecting: Set<string> = new Set()
  readonly #failed: Set<string> = new Set()
  #version = 0

  get version(): number {
    return this.#version
  }

  /** A metric is about to change, or is new. */
  note(name: string): void {
    this.#version += 1
    this.#versions.set(name, this.#version)
  }

  async read(since: number | undefined): Promise<readonly UserMetric[]> {
    const all = this.registry.getMetricsAsArray()
    const wanted = all.filter(
      ({ name, collect }) => since === undefined || (collect === undefined && (this.#versions.get(name) ?? 0) > since),
    )
    const read = await Promise.all(
      wanted.map(({ name, collect }) => (collect === undefined ? this.#get(name) : this.#collect(name))),
    )
    return read.filter(metric => metric !== undefined)
  }

  async #get(name: string): Promise<UserMetric | undefined> {
    // Every metric of prom-client has this form; its types name its kinds by another enum.
    return (await this.registry.getSingleMetric(name)?.get()) as UserMetric | undefined
  }

  /** Undefined where a metric with a collect function is late, or fails: it holds up no other. */
  #collect(name: string): Promise<UserMetric | undefined> {
    if (this.#collecting.has(name)) return Promise.resolve(undefined)
    this.#collecting.add(name)
    const collected = this.#get(name)
      .catch(thrown => {
        if (!this.#failed.has(name)) console.warn(`the metric ${name} could not be collected:`, thrown)
        this.#failed.add(name)
        return undefined
      })
      .finally(() => this.#collecting.delete(name))
    return Promise.race([collected, patience()])
  }
}

/** The time for a collect function, in milliseconds. */
const PATIENCE = 50

function patience(): Promise<undefined> {
  return new Promise(resolve => {
    setTimeout(resolve, PATIENCE, undefined).unref()
  })
}

/**
 * One for each register: a reload loads this entry anew, but not prom-client, and what was counted before goes on.
 */
export const registered: RegisteredMetrics = findRegistered() ?? addRegistered()

function findRegistered(): RegisteredMetrics | undefined {
  // This register was created by an earlier copy of this module.
  return userMetrics().find(source => source.registry === promClient.register) as RegisteredMetrics | undefined
}

function addRegistered(): RegisteredMetrics {
  const made = new RegisteredMetrics()
  userMetrics().push(made)
  return made
}
