// What each way to authenticate costs inside of the application, from a request's head to its answer and without sockets,
// in CPU microseconds over none:
//
//   node bench/auth-endpoint.js [rounds]
//
// All run in this process and take turns, so this is what the work itself costs, its code and data at hand. Over sockets,
// on a machine that does other things as well, the same work costs more: bench/auth.js.
import { BasePredictor, createApp, silentLogger } from '../packages/incant/dist/index.js'
import { variants } from './auth/variants.js'
import { percentile } from './statistics.js'

const ROUNDS = Number(process.argv[2] ?? 40)
const CALLS = 1500
/** What a bearer token may cost. */
const BEARER_TARGET = 4
/** scrypt's time goes to threads, and is what it is. */
const LEFT_OUT = ['basic, scrypt']

const signature = {
  version: 1,
  className: 'Predictor',
  parameters: [{ name: 'payload', role: 'payload' }],
  returns: [],
  definitions: {},
}

const endpoints = []
for (const [name, variant] of Object.entries(variants)) {
  if (!LEFT_OUT.includes(name)) endpoints.push({ name, call: await makeCall(name, variant), costs: [] })
}
for (const { call } of endpoints) await repeat(call, 4 * CALLS) // for the compiler
for (let round = 0; round < ROUNDS; round += 1) {
  const order = round % 2 === 0 ? endpoints : endpoints.toReversed()
  for (const { call, costs } of order) costs.push(await measure(call))
}
report()

/** One call of the endpoint, as a socket's listener makes it. */
async function makeCall(name, { decorators, headers = {}, body }) {
  class Predictor extends BasePredictor {
    predict({ text }) {
      return { length: text.length }
    }
  }
  for (const decorator of decorators) decorator(Predictor)
  const app = createApp(Predictor, { signature, logger: silentLogger })
  await app.ready
  const endpoint = app[Symbol.for('incant.directEndpoints')].get('/predict').POST
  const bytes = new TextEncoder().encode(JSON.stringify({ text: 'hello', ...body }))
  const lines = new Map([['content-type', 'application/json']])
  for (const [header, value] of Object.entries(headers)) lines.set(header.toLowerCase(), value)
  const reader = {
    get: header => lines.get(header.toLowerCase()) ?? null,
    has: header => lines.has(header.toLowerCase()),
  }
  return async () => {
    let end
    const transport = { address: '127.0.0.1', readBody: () => bytes, onEnd: listener => (end = listener) }
    const { status } = await endpoint({ method: 'POST', headers: reader, transport })
    end({ aborted: false, bytes: 0 })
    if (status !== 200) throw new Error(`${name} was answered with ${status}.`)
  }
}

async function repeat(call, times) {
  for (let done = 0; done < times; done += 1) await call()
}

async function measure(call) {
  const before = process.cpuUsage()
  await repeat(call, CALLS)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / CALLS
}

/** What disturbs a process only ever makes it dearer, so lower quartiles are compared. */
function report() {
  const [base, ...others] = endpoints.map(({ name, costs }) => ({ name, cost: percentile(costs, 0.25) }))
  console.log(`Without auth: ${base.cost.toFixed(1)} µs of CPU a call. ${ROUNDS} × ${CALLS} calls each.\n`)
  for (const { name, cost } of others) {
    const target = name === 'bearer' ? `   target: at most ${BEARER_TARGET}` : ''
    console.log(`${name.padEnd(20)} ${(cost - base.cost).toFixed(1).padStart(7)} µs${target}`)
  }
}
