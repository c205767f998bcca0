import type { Channel } from '../wire/channel.ts'
import type { FromReplica, ToReplica } from '../wire/protocol.ts'
import { isStreamed } from '../wire/wire-output.ts'
import type { ReplicaFigures } from './replica-figures.ts'

/** Sends what becomes of calls, in order. What is counted of a call goes before the end of its answer. */
export class ReplicaSender {
  readonly #channel: Channel<FromReplica, ToReplica>
  /** Undefined where nothing is counted, or before it is known. */
  figures: ReplicaFigures | undefined
  /** The last message that waits until figures have been sent; later ones wait for it. */
  #waiting: Promise<void> | undefined

  constructor(channel: Channel<FromReplica, ToReplica>) {
    this.#channel = channel
  }

  send(message: FromReplica): void {
    const publishing = ENDS.has(message.type) ? this.figures?.publish() : undefined
    if (publishing === undefined && this.#waiting === undefined) this.#sendNow(message)
    else this.#sendAfter(message, publishing)
  }

  #sendAfter(message: FromReplica, publishing: Promise<void> | undefined): void {
    const waiting = Promise.allSettled([this.#waiting, publishing]).then(() => {
      if (this.#waiting === waiting) this.#waiting = undefined
      this.#sendNow(message)
    })
    this.#waiting = waiting
  }

  #sendNow(message: FromReplica): void {
    if (isItem(message)) this.#channel.sendSoon(message)
    else this.#channel.send(message)
  }
}

/** Whether it is of a stream, so that predict may go on to compute what comes next. */
function isItem(message: FromReplica): boolean {
  return message.type === 'chunk' || (message.type === 'output' && isStreamed(message.output))
}

/** Messages with which a call, or its answer, is over. */
const ENDS: ReadonlySet<FromReplica['type']> = new Set(['output', 'thrown', 'end', 'break', 'settled', 'loaded'])
