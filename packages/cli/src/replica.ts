import { fileURLToPath } from 'node:url'
import { runReplica } from 'incant/node'
import { loadModule } from './load/load-module.ts'

// The main module of the processes that run a predictor: they load TypeScript as the command does.
runReplica(async url => Object.fromEntries(await loadModule(fileURLToPath(url))))
