// Calls a server until standard input ends, then until there were as many calls as that says, and prints what came of them.
//
//   node load.js URL CALLERS PAYLOAD
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

const [url = '', callers = '8', payload = '{}'] = process.argv.slice(2)
const kept = new Agent({ keepAlive: true })
/** Between two calls of a caller, in milliseconds: the processors belong to the cluster. */
const PAUSE = 80

const results = {}
const versions = {}
let calls = 0
let least = Number.POSITIVE_INFINITY
text(process.stdin).then(given => {
  least = Number(given)
})

/** One call: its status, or the code of its error. */
function call(agent) {
  return new Promise(resolve => {
    const headers = { 'content-type': 'application/json' }
    const sent = request(url, { method: 'POST', agent, headers }, async response => {
      const body = await text(response).catch(error => error.code)
      const [, version = 'none'] = /"version":"(\w+)"/.exec(body) ?? []
      versions[version] = (versions[version] ?? 0) + 1
      resolve(response.statusCode)
    })
    sent.once('error', error => resolve(error.code))
    sent.end(payload)
  })
}

async function callOn(agent) {
  while (calls < least) {
    calls++
    const result = await call(agent)
    results[result] = (results[result] ?? 0) + 1
    await sleep(PAUSE)
  }
}

await Promise.all(Array.from({ length: Number(callers) }, (_, index) => callOn(index % 2 === 0 ? kept : false)))
kept.destroy()
console.log(JSON.stringify({ results, versions }))
