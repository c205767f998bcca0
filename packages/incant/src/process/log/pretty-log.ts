import type { LogFields, LogLevel } from '../../log/logger.ts'
import { paintWith } from './paint.ts'
import { formatEvent, formatWritten, localTime } from './pretty.ts'
import { formatRequestLine, isRequestLine, shortId } from './request-line.ts'

/** Time that what predict writes waits for the line of its request, in milliseconds. */
const PATIENCE = 300
/** Characters that wait at most: what a busy predictor writes is shown as it comes. */
const MOST = 64 * 1024

/** An event of the log, and the place to write it to. */
export interface PrettyEvent {
  readonly level: LogLevel
  readonly message: string
  readonly fields: LogFields
  /** Writes text of this event's importance. */
  write(text: string): void
}

/** The output of predict during a request that has not ended. */
interface Held {
  text: string
  readonly write: (text: string) => void
  readonly timer: ReturnType<typeof setTimeout>
}

/**
 * A log for people. Output of predict is indented under the line of its request. That line is written when the request
 * is over: the output waits for it a moment, and is then shown under the request's id.
 */
export class PrettyLog {
  readonly #colors: boolean
  readonly #held = new Map<string, Held>()

  constructor(colors: boolean) {
    this.#colors = colors
  }

  log({ level, message, fields, write }: PrettyEvent): void {
    const { requestId } = fields
    if (isRequestLine(message, fields)) this.#endRequest(fields, write)
    else if (typeof requestId === 'string')
      this.#hold(requestId, formatWritten(level, message, fields, this.#colors), write)
    else write(formatEvent(level, message, fields, this.#colors))
  }

  #endRequest(fields: LogFields, write: (text: string) => void): void {
    write(`${formatRequestLine(fields, this.#colors)}${this.#take(String(fields['requestId']))}`)
  }

  #hold(requestId: string, text: string, write: (text: string) => void): void {
    const held = this.#held.get(requestId) ?? this.#begin(requestId, write)
    held.text += text
    if (held.text.length > MOST) this.#show(requestId)
  }

  #begin(requestId: string, write: (text: string) => void): Held {
    const held: Held = { text: '', write, timer: setTimeout(() => this.#show(requestId), PATIENCE).unref() }
    // Before anything else that writes at the end.
    if (this.#held.size === 0) process.prependListener('exit', this.#showAll)
    this.#held.set(requestId, held)
    return held
  }

  /** A long request, or one without a line: its id replaces the line. */
  #show(requestId: string): void {
    const write = this.#held.get(requestId)?.write
    const dim = paintWith('dim', this.#colors)
    write?.(`${dim(localTime())} …  ${dim(shortId(requestId))}\n${this.#take(requestId)}`)
  }

  readonly #showAll = (): void => {
    for (const requestId of this.#held.keys()) this.#show(requestId)
  }

  #take(requestId: string): string {
    const held = this.#held.get(requestId)
    clearTimeout(held?.timer)
    if (this.#held.delete(requestId) && this.#held.size === 0) process.off('exit', this.#showAll)
    return held?.text ?? ''
  }
}
