import { fileURLToPath } from 'node:url'
import { runBundle } from './commands/run-bundle.ts'
import { endProcess } from './end-process.ts'

// The main module of a bundle, below its folder.
endProcess(await runBundle(fileURLToPath(new URL('..', import.meta.url)), process.argv.slice(2), process.env))
