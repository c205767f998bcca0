import promClient from 'prom-client'
import { type UserMetric, type UserMetrics, userMetrics } from './user-metrics.ts'

/** The metrics of prom-client's register, and which of them have changed. */
class RegisteredMetrics implements UserMetrics {
  readonly registry: typeof promClient.register = promClient.register
  /** Pairs of a name and a tag that `sendMetric` was given. */
  readonly custom: Set<string> = new Set()
  /** Of those that were made here, the version of their last change. */
  readonly #versions: Map<string, number> = new Map()
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
    const read: UserMetric[] = []
    for (const { name, collect } of this.registry.getMetricsAsArray()) {
      if (since !== undefined && (collect !== undefined || (this.#versions.get(name) ?? 0) <= since)) continue
      const found = this.registry.getSingleMetric(name)
      // What every metric of prom-client gives has this form; its types name its kinds by an enum of their own.
      if (found !== undefined) read.push((await found.get()) as unknown as UserMetric)
    }
    return read
  }
}

/**
 * One for each register: a reload loads this entry anew, but not prom-client, and what was counted before goes on.
 */
export const registered: RegisteredMetrics = findRegistered() ?? addRegistered()

function findRegistered(): RegisteredMetrics | undefined {
  // Who holds this very register was made by this module, in an earlier life.
  return userMetrics().find(source => source.registry === promClient.register) as RegisteredMetrics | undefined
}

function addRegistered(): RegisteredMetrics {
  const made = new RegisteredMetrics()
  userMetrics().push(made)
  return made
}
