import sonicBoom from 'sonic-boom'

// CommonJS, whose names Node does not see.
const { SonicBoom } = sonicBoom
type Output = InstanceType<typeof SonicBoom>

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
  shared ??= process.stdout.isTTY ? openOutput(true) : gatheredOutput()
  return shared
}

function openOutput(sync: boolean): Output {
  const stream = new SonicBoom({ fd: 1, sync, maxLength: BACKLOG })
  // A reader that has gone (EPIPE) ends the log and not the server.
  stream.on('error', () => {})
  return stream
}

function gatheredOutput(): LineStream {
  const stream = openOutput(false)
  let gathered = ''
  let waiting = false
  const flush = () => {
    waiting = false
    if (gathered === '') return
    stream.write(gathered)
    gathered = ''
  }
  process.on('exit', () => {
    flush()
    flushNow(stream)
  })
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

/** Writes what the stream still has. It throws where it cannot be written, and then there is nobody to tell. */
function flushNow(stream: Output): void {
  try {
    stream.flushSync()
  } catch {}
}
