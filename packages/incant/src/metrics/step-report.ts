/** One step of a sequence predictor that has run. */
export interface StepReport {
  /** Sequences that it advanced. */
  readonly sequences: number
  /** Milliseconds that `step` took. */
  readonly took: number
}

/** The states that live sequences are counted in. */
export const SEQUENCE_STATES = ['running', 'waiting', 'paused'] as const

/** Live sequences. `waiting`: the step has no place for them. `paused`: the reader stalls. */
export type SequenceCounts = Readonly<Record<(typeof SEQUENCE_STATES)[number], number>>
