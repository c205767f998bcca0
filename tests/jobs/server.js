// A server of two models for the tests that kill it: node tests/jobs/server.js PORT STORE. Their signatures are data, as in a
// bundle, so that it starts without a compiler.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from 'incant'
import { runUntilSignal, serveModels } from 'incant/node'

/** Writes a word into a file when it begins: work that must not be done twice. */
export class Once extends BasePredictor {
  async predict({ name, file, milliseconds }) {
    appendFileSync(file, `${name}\n`)
    await sleep(milliseconds)
    return name
  }
}

/** The same, which may be done again. */
export class Again extends Once {}

function signature(className, hints) {
  const text = { type: 'string' }
  const schema = {
    type: 'object',
    properties: { name: text, file: text, milliseconds: { type: 'integer' } },
    required: ['name', 'file', 'milliseconds'],
  }
  const parameters = [{ name: 'work', role: 'payload', schema }]
  return { version: 1, className, hints, parameters, returns: [], definitions: {} }
}

const [port, jobsStore, gracePeriod = '10s'] = process.argv.slice(2)
const settings = { port: Number(port), gracePeriod, logLevel: 'warn', protocols: ['jobs'], concurrency: 8, workers: 0 }
const jobs = { jobsStore, webhookAllow: ['127.0.0.0/8'] }
const models = {
  once: { predictor: Once, signature: signature('Once', []) },
  again: { predictor: Again, signature: signature('Again', ['idempotent']) },
}
process.exit(await runUntilSignal(await serveModels(models, { ...settings, ...jobs })))
