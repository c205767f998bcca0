import { startTypesThread } from './load/types-thread.ts'

// The types of the predictor take the longest, so their reader starts before anything else is loaded.
if (process.argv[2] === 'serve' || process.argv[2] === 'inspect') startTypesThread()
const { runCommandLine } = await import('./commands/run.ts')
const code = await runCommandLine(process.argv.slice(2), process.env)

// The process ends here and nowhere else: a predictor may have left timers and sockets that would keep it.
process.stdout.on('error', () => process.exit(code))
process.stdout.write('', () => process.exit(code))
