import { endProcess } from './end-process.ts'
import { bundleIn } from './load/bundle-in.ts'
import { guessQuestion } from './load/guess-question.ts'
import { finishTypesThreads, startTypesThread } from './load/types-thread.ts'

// The types of the predictor take the longest, so their reader starts before anything else is loaded.
const [command = '', ...words] = process.argv.slice(2)
const bundle = command === 'serve' ? bundleIn(words) : undefined
if (bundle !== undefined) {
  // A bundle has its own code, of the version that it was built with.
  process.argv.splice(1, process.argv.length, bundle.server, ...bundle.words)
  await import(bundle.url)
} else {
  if (command === 'serve' || command === 'inspect') startTypesThread(guessQuestion(words, process.env))
  const { runCommandLine } = await import('./commands/run.ts')
  const code = await runCommandLine(process.argv.slice(2), process.env)
  await finishTypesThreads()
  endProcess(code)
}
