import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyRuns } from '../../../../tests/property-runs.ts'
import { Cancellation } from '../../src/engine/cancellation.ts'
import { Sequencer } from '../../src/engine/sequencer.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import type { Step } from '../../src/predictor/sequence-predictor.ts'

/** What happens to one sequence. */
interface Scenario {
  readonly length: number
  /** What its next step costs. */
  readonly size: number
  /** Turns of the event loop before it comes. */
  readonly delay: number
  /** Steps that say nothing, before its first item. */
  readonly silent: number
  /** What happens after some items. `poison` makes the step throw, `error` is an Error in its place. */
  readonly fate: 'done' | 'poison' | 'error' | 'deadline' | 'returned'
  readonly after: number
  /** Turns of the event loop that its reader stalls after an item. */
  readonly stalls: readonly number[]
}

const scenario = fc.record<Scenario>({
  length: fc.integer({ min: 1, max: 30 }),
  size: fc.integer({ min: 1, max: 4 }),
  delay: fc.integer({ min: 0, max: 12 }),
  silent: fc.integer({ min: 0, max: 2 }),
  fate: fc.oneof(
    { weight: 6, arbitrary: fc.constant('done' as const) },
    { weight: 4, arbitrary: fc.constantFrom('poison', 'error', 'deadline', 'returned') },
  ),
  after: fc.integer({ min: 0, max: 20 }),
  stalls: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
})
const limits = fc.record({ maxSize: fc.integer({ min: 1, max: 9 }), isSlow: fc.boolean() })

/** A sequence whose every item depends on all that came before it: a step too many or too few shows. */
class State {
  readonly index: number
  readonly scenario: Scenario
  hash = 1
  steps = 0
  ended = 0
  /** Steps that had begun when it joined. */
  joinedAt = 0
  isInStep = false

  constructor(index: number, given: Scenario) {
    this.index = index
    this.scenario = given
  }

  get said(): number {
    return Math.max(0, this.steps - this.scenario.silent)
  }

  /** Whether its fate is due with the next step. */
  meets(fate: Scenario['fate']): boolean {
    return this.scenario.fate === fate && this.said >= this.scenario.after
  }

  advance(): Step<number, string> | Error {
    if (this.meets('error')) return new Error('alone')
    this.steps += 1
    if (this.said === 0) return {}
    this.hash = (this.hash * 31 + this.index + this.said) % 1_000_003
    return { item: this.hash, done: this.said === this.scenario.length, result: `${this.index} of ${this.said}` }
  }
}

/** What a sequence says when it is computed by itself. */
function alone(index: number, given: Scenario): unknown[] {
  const state = new State(index, { ...given, fate: 'done' })
  const items: unknown[] = []
  for (;;) {
    const step = state.advance()
    if (step instanceof Error) throw step
    if (step.item !== undefined) items.push(step.item)
    if (step.done === true) return items
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

interface Outcome {
  readonly items: readonly unknown[]
  readonly end: unknown
}

/** Reads one sequence as its scenario says. */
async function read(state: State, join: (state: State, cancellation: Cancellation) => AsyncIterator<unknown>) {
  const { scenario } = state
  const cancellation = new Cancellation()
  await turns(scenario.delay)
  const sequence = join(state, cancellation)
  const items: unknown[] = []
  const leaves = (fate: Scenario['fate']): boolean => scenario.fate === fate && items.length >= scenario.after
  try {
    for (;;) {
      if (leaves('deadline')) cancellation.cancel(new RequestError('deadline_exceeded'))
      if (leaves('returned')) await sequence.return?.()
      const { done, value } = await sequence.next()
      if (done === true) return { items, end: value }
      items.push(value)
      await turns(scenario.stalls[items.length - 1] ?? 0)
    }
  } catch (thrown) {
    return { items, end: thrown instanceof RequestError ? thrown.code : String(thrown) }
  }
}

/** Runs sequences through a sequencer and gives what became of each, and every step that ran. */
async function simulate(
  scenarios: readonly Scenario[],
  { maxSize, isSlow }: { readonly maxSize: number; readonly isSlow: boolean },
) {
  const states = scenarios.map((given, index) => new State(index, given))
  const steps: number[][] = []
  const sequencer = new Sequencer<State>({
    maxSize,
    split: true,
    size: ({ scenario }) => scenario.size,
    async step(given) {
      steps.push(given.map(({ index }) => index))
      for (const state of given) {
        expect([state.isInStep, state.ended]).toEqual([false, 0])
        state.isInStep = true
      }
      if (isSlow) await turns(2)
      for (const state of given) state.isInStep = false
      if (given.some(state => state.meets('poison'))) throw new Error('poisoned')
      return given.map(state => state.advance())
    },
    end(state) {
      expect(state.isInStep).toBe(false)
      state.ended += 1
    },
  })
  const outcomes: Outcome[] = await Promise.all(
    states.map(state =>
      read(state, (begun, cancellation) => {
        begun.joinedAt = steps.length
        return sequencer.join(begun, { id: String(begun.index), cancellation })
      }),
    ),
  )
  await sequencer.close()
  return { outcomes, states, steps }
}

function checkOutcome(index: number, given: Scenario, { items, end }: Outcome): void {
  const text = alone(index, given)
  expect(items).toEqual(text.slice(0, items.length))
  const isWhole = items.length === text.length
  const failed = { poison: ['Error: poisoned', 'internal'], error: ['Error: alone'], deadline: ['deadline_exceeded'] }
  if (given.fate === 'done' || (isWhole && end === `${index} of ${text.length}`)) {
    expect([items.length, end]).toEqual([text.length, `${index} of ${text.length}`])
  } else if (given.fate === 'returned') expect(end).toBe(undefined)
  else expect(failed[given.fate]).toContain(end)
}

test('each sequence says what it says alone, whatever happens to the others; its state is freed once, in no step', {
  tags: ['property'],
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scenario, { minLength: 1, maxLength: 24 }), limits, async (scenarios, given) => {
      // Two at most, so that the number of runs again is enough to find them.
      const poisoned = scenarios.filter(one => one.fate === 'poison').slice(2)
      const few = scenarios.map(one => (poisoned.includes(one) ? { ...one, fate: 'error' as const } : one))
      const { outcomes, states, steps } = await simulate(few, given)
      for (const [index, one] of few.entries()) {
        const outcome = outcomes[index]
        if (outcome === undefined) throw new Error('a sequence has no outcome')
        checkOutcome(index, one, outcome)
      }
      expect(states.map(({ ended }) => ended)).toEqual(states.map(() => 1))
      for (const step of steps) {
        const total = step.reduce((sum, index) => sum + (few[index]?.size ?? 0), 0)
        expect(step.length === 1 || total <= given.maxSize).toBe(true)
      }
    }),
    { numRuns: propertyRuns(300) },
  )
})

test('none starves: one whose reader keeps up has a step at least each ⌈live / maxSize⌉ steps, its first one too', {
  tags: ['property'],
}, async () => {
  const steady = fc.record({
    length: fc.integer({ min: 1, max: 30 }),
    delay: fc.integer({ min: 0, max: 30 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(steady, { minLength: 2, maxLength: 32 }),
      fc.integer({ min: 1, max: 16 }),
      async (given, maxSize) => {
        const base = { size: 1, silent: 0, fate: 'done', after: 0, stalls: [] } as const
        const { states, steps } = await simulate(
          given.map(one => ({ ...base, ...one })),
          { maxSize, isSlow: true },
        )
        const bound = Math.ceil(given.length / maxSize)
        for (const index of given.keys()) {
          const served = steps.flatMap((step, number) => (step.includes(index) ? [number] : []))
          expect(served).toHaveLength(given[index]?.length ?? 0)
          expect((served[0] ?? 0) - (states[index]?.joinedAt ?? 0)).toBeLessThanOrEqual(bound)
          for (const [position, number] of served.entries())
            if (position > 0) expect(number - (served[position - 1] ?? 0)).toBeLessThanOrEqual(bound)
        }
      },
    ),
    { numRuns: propertyRuns(200) },
  )
})
