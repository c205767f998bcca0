import type { LogLevel } from '../../log/logger.ts'
import { LineAssembler } from './line-assembler.ts'
import type { Writing } from './writing.ts'

/** What is captured, until it is released. */
export interface StreamCapture {
  /** Ends every unfinished line. */
  flush(): void
  release(): void
}

const LEVELS = { stdout: 'info', stderr: 'warn' } as const satisfies Record<string, LogLevel>

/** Requests whose half lines are kept; those of the oldest then become whole ones. */
const MOST_HALF_LINES = 1000

/**
 * Turns text written to `process.stdout` and `process.stderr` into log lines, each with the request it was written for.
 * Output of native code to their descriptors does not pass here.
 */
export function captureStreams(writing: Writing): StreamCapture {
  const captures = [captureStream('stdout', writing), captureStream('stderr', writing)]
  return {
    flush() {
      for (const capture of captures) capture.flush()
    },
    release() {
      for (const capture of captures) capture.release()
    },
  }
}

type Written = [chunk: unknown, encoding?: unknown, callback?: unknown]

function captureStream(name: keyof typeof LEVELS, writing: Writing): StreamCapture {
  const stream = process[name]
  const original = stream.write
  const halves = new Map<string, LineAssembler>()
  const write = (...written: Written): boolean => {
    const bytes = toBytes(written[0], written[1])
    const destination = bytes === undefined ? undefined : writing.destination()
    // What is no text and no bytes it refuses itself.
    if (bytes === undefined || destination === undefined) return Reflect.apply(original, stream, written)
    const half = halves.get(destination.key) ?? new LineAssembler(line => destination.log(LEVELS[name], line))
    half.write(bytes)
    keepHalf(halves, destination.key, half)
    tellWriter(written)
    return true
  }
  // It takes what the original takes.
  stream.write = write as typeof stream.write
  const flush = (): void => {
    for (const half of halves.values()) half.flush()
    halves.clear()
  }
  return {
    flush,
    release() {
      flush()
      // A later patch by other code stays.
      if (stream.write === write) stream.write = original
    },
  }
}

function keepHalf(halves: Map<string, LineAssembler>, key: string, half: LineAssembler): void {
  halves.delete(key)
  if (half.isEmpty) return
  halves.set(key, half)
  if (halves.size <= MOST_HALF_LINES) return
  const [[oldest, line] = []] = halves
  line?.flush()
  halves.delete(oldest ?? key)
}

function toBytes(chunk: unknown, encoding?: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk !== 'string') return undefined
  return Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8')
}

/** A writer may wait for its words to be written before it writes more. */
function tellWriter([, encoding, callback]: Written): void {
  const tell = typeof encoding === 'function' ? encoding : callback
  if (typeof tell === 'function') process.nextTick(tell)
}
