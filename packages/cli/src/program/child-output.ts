import type { ChildProcess } from 'node:child_process'

/** The text of a stream of a child process, to its end. */
export async function gather(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  stream?.setEncoding('utf8')
  for await (const chunk of stream ?? []) text += String(chunk)
  return text
}

/** Passes signals to a child process that shows its output, until it has ended. */
export async function passSignals(child: ChildProcess, ended: Promise<number>): Promise<number> {
  const end = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  try {
    return await ended
  } finally {
    process.off('SIGINT', end)
    process.off('SIGTERM', end)
  }
}
