import { fileURLToPath } from 'node:url'
import { type LoadModule, runReplica } from 'incant/internal/replica'
import { importBuilt } from './load/load-built.ts'
import { preload, takePreload } from './load/preload.ts'
import { loadModelFile } from './model-file/load-model.ts'
import { fromModule } from './model-file/module.ts'

// The main module of the processes that run the predictor of a bundle: JavaScript, or a model file.
const load: LoadModule = async url => {
  const model = fromModule(url)
  if (model !== undefined) return { default: (await loadModelFile(model)).predictor }
  return Object.fromEntries(await importBuilt(fileURLToPath(url)))
}
const early = takePreload(process.env)
let loader = load
runReplica(url => loader(url))
// Only now: what the file writes as it loads goes to the log.
if (early !== undefined) loader = preload(load, early)
