// A predictor with one of the ways to authenticate: the first parameter is its name.
import { BasePredictor, silentLogger } from '../../packages/incant/dist/index.js'
import { serve } from '../../packages/incant/dist/node.js'
import { announce } from '../servers/under-measurement.js'
import { variants } from './variants.js'

class Predictor extends BasePredictor {
  predict({ text }) {
    return { length: text.length }
  }
}

for (const decorator of variants[process.argv[2]].decorators) decorator(Predictor)
const signature = {
  version: 1,
  className: 'Predictor',
  parameters: [{ name: 'payload', role: 'payload' }],
  returns: [],
  definitions: {},
}
const server = await serve(Predictor, { signature, port: 0, logger: silentLogger })
await server.ready
announce(Number(new URL(server.url).port))
