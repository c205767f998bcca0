import { nextTurn } from '../async/next-turn.ts'
import { RequestError } from '../errors/request-error.ts'
import { asHTTPException, asRequestError } from '../http/failure.ts'
import type { Cancellation } from './cancellation.ts'

/** The call that an entry of a joint run belongs to. */
export interface ItemCall {
  /** The request id. */
  readonly id: string
  readonly cancellation: Cancellation
}

/** The entry of one call in a joint run. */
export interface Participant {
  readonly call: ItemCall
  /** Fails this entry. */
  reject(reason: unknown): void
}

/** One run of the predictor's own code for many calls. */
export interface JointRun<Entry extends Participant> {
  /** The predictor's method and what it takes, for messages. */
  readonly names: { readonly method: string; readonly inputs: string }
  /** Whether a run that threw is split and tried again, to find the entry that caused it. */
  readonly split: boolean
  /** Computes a result for each entry. */
  run(entries: readonly Entry[]): unknown
  /** Receives the result of an entry, unless that is an `Error`. */
  deliver(entry: Entry, result: unknown): void
  /** Told once of a failure that several calls share: each of them is a plain 500. */
  onFailure?(thrown: unknown, requestIds: readonly string[]): void
}

type Outcome = { readonly results: ArrayLike<unknown> } | { readonly thrown: unknown }

/** How often a run that threw may be repeated, in parts, before the calls that are left share its failure. */
interface Budget {
  runs: number
}

/** Computes the entries of many calls at once. Each is delivered its result or rejected. */
export async function runJointly<Entry extends Participant>(
  entries: readonly Entry[],
  joint: JointRun<Entry>,
): Promise<void> {
  await attempt(entries, joint, { runs: countRetries(entries.length) })
}

/**
 * Two turns of the event loop: in the first answers leave and calls arrive, in the second they are available. Code that
 * computes and never awaits would otherwise hold up the answers that are ready.
 */
export async function breathe(): Promise<void> {
  await nextTurn()
  await nextTurn()
}

/** Whether a caller still waits for an entry. If not, the entry is rejected. */
export function isPresent(entry: Participant): boolean {
  const { reason } = entry.call.cancellation
  if (reason !== undefined) entry.reject(reason)
  return reason === undefined
}

/** The request ids of entries. */
export function idsOf(entries: readonly Participant[]): readonly string[] {
  return entries.map(entry => entry.call.id)
}

async function attempt<Entry extends Participant>(
  entries: readonly Entry[],
  joint: JointRun<Entry>,
  budget: Budget,
): Promise<void> {
  const outcome = await compute(entries, joint)
  if ('thrown' in outcome) await blame(entries, { joint, budget, thrown: outcome.thrown })
  else for (const [index, entry] of entries.entries()) deliver(entry, outcome.results[index], joint)
}

async function compute<Entry extends Participant>(entries: readonly Entry[], joint: JointRun<Entry>): Promise<Outcome> {
  try {
    return { results: checkResults(await inScopeOf(entries, () => joint.run(entries)), entries.length, joint) }
  } catch (thrown) {
    return { thrown }
  }
}

interface Failure<Entry extends Participant> {
  readonly joint: JointRun<Entry>
  readonly budget: Budget
  readonly thrown: unknown
}

/** Finds the entry at fault, by halves; those that remain unknown fail together. */
async function blame<Entry extends Participant>(entries: readonly Entry[], failure: Failure<Entry>): Promise<void> {
  const { joint, budget, thrown } = failure
  const [first, second] = entries
  if (thrown instanceof LengthError) failTogether(entries, failure)
  else if (first !== undefined && second === undefined) first.reject(thrown)
  else if (!joint.split || budget.runs < 2) failTogether(entries, failure)
  else await retryInHalves(entries, joint, budget)
}

async function retryInHalves<Entry extends Participant>(
  entries: readonly Entry[],
  joint: JointRun<Entry>,
  budget: Budget,
): Promise<void> {
  budget.runs -= 2
  const middle = Math.ceil(entries.length / 2)
  for (const half of [entries.slice(0, middle), entries.slice(middle)]) {
    await breathe()
    const present = half.filter(isPresent)
    if (present.length > 0) await attempt(present, joint, budget)
  }
}

/** One line of the log, however many calls there were. */
function failTogether<Entry extends Participant>(entries: readonly Entry[], { joint, thrown }: Failure<Entry>): void {
  const isAnswer = asHTTPException(thrown) !== undefined || asRequestError(thrown) !== undefined
  const error = isAnswer ? thrown : new RequestError('internal')
  if (!isAnswer) joint.onFailure?.(thrown, idsOf(entries))
  for (const entry of entries) entry.reject(error)
}

/** The result of a run does not match its argument. */
class LengthError extends TypeError {
  override readonly name = 'TypeError'
}

/** Enough to find two guilty entries, by halves, among any number. */
function countRetries(length: number): number {
  return 4 * Math.ceil(Math.log2(Math.max(2, length)))
}

/** An array, or a typed array, which models like to give, with something for each entry. */
function checkResults<Entry extends Participant>(
  results: unknown,
  length: number,
  { names }: JointRun<Entry>,
): ArrayLike<unknown> {
  const isList = Array.isArray(results) || (ArrayBuffer.isView(results) && !(results instanceof DataView))
  // A view that is no DataView is a typed array.
  const list = isList ? (results as ArrayLike<unknown>) : undefined
  if (list?.length === length) return list
  const found = list === undefined ? 'something that is no array' : `${list.length} results`
  throw new LengthError(
    `${names.method} returned ${found} for ${length} ${names.inputs}: it must return one result for each`,
  )
}

function deliver<Entry extends Participant>(entry: Entry, result: unknown, joint: JointRun<Entry>): void {
  if (result instanceof Error) entry.reject(result)
  else joint.deliver(entry, result)
}

/** Runs where the first call runs: what began the work may have been a call of an earlier run. */
function inScopeOf<Result>([first]: readonly Participant[], work: () => Result): Result {
  const scope = first?.call.cancellation.scope
  return scope === undefined ? work() : scope(work)
}
