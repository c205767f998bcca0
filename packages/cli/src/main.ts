import { guessQuestion } from './load/guess-question.ts'
import { finishTypesThreads, startTypesThread } from './load/types-thread.ts'

// The types of the predictor take the longest, so their reader starts before anything else is loaded.
const [command = '', ...words] = process.argv.slice(2)
if (command === 'serve' || command === 'inspect') startTypesThread(guessQuestion(words, process.env))
const { runCommandLine } = await import('./commands/run.ts')
const code = await runCommandLine(process.argv.slice(2), process.env)
await finishTypesThreads()

// The process ends here and nowhere else: a predictor may have left timers and sockets that would keep it.
process.stdout.on('error', () => end(code))
process.stdout.write('', () => end(code))

/** A file that does not answer has a thread, for which Node would wait: only a signal ends such a process. */
function end(code: number): void {
  const unanswered: unknown = Reflect.get(globalThis, Symbol.for('incant.unansweredFiles'))
  if (unanswered instanceof Map && unanswered.size > 0) process.kill(process.pid, 'SIGKILL')
  else process.exit(code)
}
