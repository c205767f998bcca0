// A predictor that is counted and logged, or not: the parameters are "on" or "off" for metrics, and for the access log
// "off", "sampled", which is the default, or "whole".
import { BasePredictor, silentLogger } from '../../packages/incant/dist/index.js'
import { serve } from '../../packages/incant/dist/node.js'
import { announce } from '../servers/under-measurement.js'

class Predictor extends BasePredictor {
  predict({ text }) {
    return { length: text.length }
  }
}

const [metrics, log] = process.argv.slice(2)
const signature = {
  version: 1,
  className: 'Predictor',
  parameters: [{ name: 'payload', role: 'payload' }],
  returns: [],
  definitions: {},
}
const server = await serve(Predictor, {
  signature,
  port: 0,
  logFormat: 'json',
  metrics: metrics === 'on' ? 'auto' : 'off',
  ...(log === 'off' ? { logger: silentLogger } : {}),
  ...(log === 'whole' ? { logRate: 0 } : {}),
})
await server.ready
announce(Number(new URL(server.url).port))
