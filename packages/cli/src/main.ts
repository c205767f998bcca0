import { guessQuestion } from './load/guess-question.ts'
import { finishTypesThreads, startTypesThread } from './load/types-thread.ts'

// The types of the predictor take the longest, so their reader starts before anything else is loaded.
const [command = '', ...words] = process.argv.slice(2)
if (command === 'serve' || command === 'inspect') startTypesThread(guessQuestion(words, process.env))
const { runCommandLine } = await import('./commands/run.ts')
const code = await runCommandLine(process.argv.slice(2), process.env)
await finishTypesThreads()

// The process ends here and nowhere else: a predictor may have left timers and sockets that would keep it.
process.stdout.on('error', () => process.exit(code))
process.stdout.write('', () => process.exit(code))
