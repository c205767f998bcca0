/**
 * Ends the process when its output has been written. A predictor may have left timers and sockets that would keep it.
 *
 * @param code - The exit code.
 */
export function endProcess(code: number): void {
  process.stdout.on('error', () => end(code))
  process.stdout.write('', () => end(code))
}

/** A file that does not answer has a thread, for which Node would wait: only a signal ends such a process. */
function end(code: number): void {
  const unanswered: unknown = Reflect.get(globalThis, Symbol.for('incant.unansweredFiles'))
  if (unanswered instanceof Map && unanswered.size > 0) process.kill(process.pid, 'SIGKILL')
  else process.exit(code)
}
