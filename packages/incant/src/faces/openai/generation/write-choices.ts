import { DONE, eventOf } from '../answer.ts'
import { mergeChoices } from './merge.ts'
import { type Piece, type Reader, readChoice } from './reader.ts'
import type { Calls } from './start-calls.ts'
import { addUsages, writeUsage } from './usage.ts'

/** The calls of a request that have begun to answer, and how each is read. */
export interface Choices extends Calls {
  readonly readers: readonly Reader[]
  /** How many answers there are to each prompt. */
  readonly perPrompt: number
}

/** How a stream of chunks is written. */
export interface ChunkForm {
  /** The members that all chunks share. */
  readonly envelope: object
  readonly includeUsage: boolean
  /** The first delta of a choice. */
  first(index: number): readonly Piece[]
  /** The last members of a choice, besides its reason. */
  readonly last: Piece
}

/** The events of a stream: chunks, usage where it is asked for, and the end. */
export async function* writeChunks(choices: Choices, form: ChunkForm): AsyncGenerator<string, void, undefined> {
  const { envelope, includeUsage } = form
  const extra = includeUsage ? { usage: null } : {}
  const pieces = choices.answers.map((answer, index) => choicePieces({ answer, choices, form }, index))
  try {
    for await (const [index, piece] of mergeChoices(pieces)) {
      const choice = { index, logprobs: null, finish_reason: null, ...piece }
      yield eventOf({ ...envelope, choices: [choice], ...extra })
    }
  } finally {
    choices.end()
  }
  if (includeUsage) yield eventOf({ ...envelope, choices: [], usage: usageOf(choices) })
  yield DONE
}

interface ChoiceParts {
  readonly answer: Calls['answers'][number]
  readonly choices: Choices
  readonly form: ChunkForm
}

async function* choicePieces(
  { answer, choices, form }: ChoiceParts,
  index: number,
): AsyncGenerator<Piece, void, undefined> {
  const reader = choices.readers[index]
  if (reader === undefined) return
  yield* form.first(index)
  yield* readChoice(answer, reader)
  yield { ...form.last, finish_reason: reader.reason }
}

/** Puts together what a choice comes to. */
export interface Whole {
  add(piece: Piece): void
  toChoice(index: number, reason: string): object
}

/** The choices of an answer that is no stream, all read at once. */
export async function readWhole(choices: Choices, begin: (index: number) => Whole): Promise<readonly object[]> {
  const wholes = choices.readers.map((_, index) => begin(index))
  const pieces = choices.answers.flatMap((answer, index) => {
    const reader = choices.readers[index]
    return reader === undefined ? [] : [readChoice(answer, reader)]
  })
  try {
    for await (const [index, piece] of mergeChoices(pieces)) wholes[index]?.add(piece)
  } finally {
    choices.end()
  }
  return wholes.map((whole, index) => whole.toChoice(index, choices.readers[index]?.reason ?? 'stop'))
}

/** The tokens of all choices. */
export function usageOf({ readers, perPrompt }: Choices): object {
  return writeUsage(
    addUsages(
      readers.map(({ usage }) => usage),
      perPrompt,
    ),
  )
}
