import { runCommandLine } from './commands/run.ts'

// The process ends here and nowhere else: a predictor may have left timers and sockets that would keep it.
const code = await runCommandLine(process.argv.slice(2), process.env)
process.stdout.write('', () => process.exit(code))
