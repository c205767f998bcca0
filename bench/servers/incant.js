// Incant in one process, everything at its default: checks, limits, metrics, the log; or with a line for each request. The
// signature is what `incant inspect --json` prints of such a predictor.
import { pathToFileURL } from 'node:url'
import { namedWorkload } from '../workloads.js'
import { announce } from './under-measurement.js'

/** A built checkout: this one, or the one that is compared with it. */
const checkout = pathToFileURL(`${process.argv[3]}/`)
const log = process.argv[4] === 'every line' ? { logRate: 0 } : {}
const { BasePredictor } = await import(new URL('packages/incant/dist/index.js', checkout).href)
const { serve } = await import(new URL('packages/incant/dist/node.js', checkout).href)

const { schema, predict } = namedWorkload()

class Predictor extends BasePredictor {
  predict(payload) {
    return predict(payload)
  }
}

const signature = {
  version: 1,
  className: 'Predictor',
  parameters: [{ name: 'payload', role: 'payload', schema }],
  returns: [],
  definitions: {},
}

const server = await serve(Predictor, { signature, port: 0, logFormat: 'json', ...log })
await server.ready
announce(Number(new URL(server.url).port))
