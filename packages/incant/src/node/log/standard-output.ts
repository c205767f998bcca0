import { pino } from 'pino'

/** Where lines go. */
export interface LineStream {
  write(line: string): unknown
}

/** Time a line may wait for others to be written with, in milliseconds. */
const GATHERING = 20
/** Characters that are written without waiting further. */
const ENOUGH = 64 * 1024
/** Bytes kept for a reader that does not keep up; past that, lines are lost rather than requests. */
const BACKLOG = 16 * 1024 ** 2

let shared: LineStream | undefined

/**
 * Standard output without a system call, and a thread, for each line: lines are gathered for a moment. What is gathered
 * when the process exits is written then. On a terminal every line is written at once.
 */
export function standardOutput(): LineStream {
  shared ??= process.stdout.isTTY ? pino.destination({ dest: 1, sync: true }) : gatheredOutput()
  return shared
}

function gatheredOutput(): LineStream {
  const stream = pino.destination({ dest: 1, sync: false, maxLength: BACKLOG })
  let gathered = ''
  let waiting = false
  const flush = () => {
    waiting = false
    if (gathered === '') return
    stream.write(gathered)
    gathered = ''
  }
  // Before the stream's own listener, which writes what it has.
  process.prependListener('exit', flush)
  return {
    write(line) {
      gathered += line
      if (gathered.length >= ENOUGH) return flush()
      if (waiting) return
      waiting = true
      setTimeout(flush, GATHERING).unref()
    },
  }
}
