import { countRows, joinRows, shapeKey, splitRows } from './join-rows.ts'
import type { NamedTensors, RunningModel } from './runtime.ts'
import { areSame } from './same-results.ts'

/** The results of one payload, or why there are none. */
export type Outcome =
  | { readonly results: NamedTensors; readonly failure?: never }
  | { readonly failure: unknown; readonly results?: never }

/**
 * Runs payloads together, by their first dimension, where the model computes each row by itself. Whether it does is not in
 * the file: the first payloads that could go together are computed alone, too, and if the results differ, all later ones are.
 */
export class JointRuns {
  readonly #model: RunningModel
  /** Undefined before it is known. */
  #joins: boolean | undefined

  /** @param hasRows - Whether the file allows it. */
  constructor(model: RunningModel, hasRows: boolean) {
    this.#model = model
    this.#joins = hasRows ? undefined : false
  }

  /** Whether rows of several payloads are computed together; undefined before that is known. */
  get joins(): boolean | undefined {
    return this.#joins
  }

  /** The outcomes, in the order of the payloads. */
  async run(payloads: readonly NamedTensors[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    for (const group of groupAlike(payloads)) {
      const found = await this.#runGroup(group.map(({ payload }) => payload))
      for (const [place, { index }] of group.entries()) {
        const outcome = found[place]
        if (outcome !== undefined) outcomes[index] = outcome
      }
    }
    return outcomes
  }

  async #runGroup(group: readonly NamedTensors[]): Promise<readonly Outcome[]> {
    if (group.length === 1 || this.#joins === false) return this.#runEach(group)
    if (this.#joins === undefined) return this.#tryJointly(group)
    return (await this.#runJointly(group)) ?? this.#runEach(group)
  }

  async #tryJointly(group: readonly NamedTensors[]): Promise<readonly Outcome[]> {
    const alone = await this.#runEach(group)
    // What fails alone says nothing.
    if (alone.every(({ results }) => results !== undefined)) {
      const together = await this.#runJointly(group)
      this.#joins = together?.every((outcome, index) => isSame(outcome, alone[index])) ?? false
    }
    return alone
  }

  async #runEach(group: readonly NamedTensors[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    for (const payload of group) outcomes.push(await this.#attempt(payload))
    return outcomes
  }

  /** Undefined where the model does not take them together. */
  async #runJointly(group: readonly NamedTensors[]): Promise<readonly Outcome[] | undefined> {
    const counts = group.map(countRows).filter(count => count !== undefined)
    if (counts.length < group.length) return undefined
    const { results } = await this.#attempt(joinRows(group))
    return results && splitRows(results, counts)?.map(part => ({ results: part }))
  }

  async #attempt(inputs: NamedTensors): Promise<Outcome> {
    try {
      return { results: await this.#model.run(inputs) }
    } catch (failure) {
      return { failure }
    }
  }
}

function isSame({ results }: Outcome, other: Outcome | undefined): boolean {
  return results !== undefined && other?.results !== undefined && areSame(results, other.results)
}

interface Placed {
  readonly index: number
  readonly payload: NamedTensors
}

function groupAlike(payloads: readonly NamedTensors[]): readonly (readonly Placed[])[] {
  const groups = new Map<string, Placed[]>()
  for (const [index, payload] of payloads.entries()) {
    const key = shapeKey(payload)
    groups.set(key, [...(groups.get(key) ?? []), { index, payload }])
  }
  return [...groups.values()]
}
