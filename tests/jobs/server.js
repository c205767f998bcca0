// A server of two models for the tests that kill it: node tests/jobs/server.js PORT STORE SETTINGS. Their signatures are data, as in a
// bundle, so that it starts without a compiler.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from 'incant'
import { runUntilSignal, serveModels } from 'incant/node'

/** Writes a word into a file when it begins, and takes a while, the first time that one: work that must not be done twice. */
export class Once extends BasePredictor {
  async predict({ name, file, milliseconds, first = milliseconds }) {
    const isFirst = !existsSync(file) || !readFileSync(file, 'utf8').split('\n').includes(name)
    appendFileSync(file, `${name}\n`)
    await sleep(isFirst ? first : milliseconds)
    return name
  }
}

/** The same, which may be done again. */
export class Again extends Once {}

function signature(className, hints) {
  const text = { type: 'string' }
  const schema = {
    type: 'object',
    properties: { name: text, file: text, milliseconds: { type: 'integer' }, first: { type: 'integer' } },
    required: ['name', 'file', 'milliseconds'],
  }
  const parameters = [{ name: 'work', role: 'payload', schema }]
  return { version: 1, className, hints, parameters, returns: [], definitions: {} }
}

const [port, jobsStore, given = '{}'] = process.argv.slice(2)
const settings = { port: Number(port), logLevel: 'warn', protocols: ['jobs'], concurrency: 8, workers: 0 }
const jobs = { jobsStore, webhookAllow: ['127.0.0.0/8'], ...JSON.parse(given) }
const models = {
  once: { predictor: Once, signature: signature('Once', []) },
  again: { predictor: Again, signature: signature('Again', ['idempotent']) },
}
process.exit(await runUntilSignal(await serveModels(models, { ...settings, ...jobs })))
