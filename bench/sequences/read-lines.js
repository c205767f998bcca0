import { once } from 'node:events'
import { request } from 'node:http'

/** A line end. */
const END = 0x0a

/** Reads a stream of JSON lines to its end, and says when the first came and the last, in milliseconds. */
export async function readLines(url, payload, agent) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/x-ndjson' }
  const startedAt = performance.now()
  const sent = request(url, { method: 'POST', headers, agent })
  sent.end(JSON.stringify(payload))
  const [response] = await once(sent, 'response')
  if (response.statusCode !== 200) throw new Error(`The server answered with ${response.statusCode}.`)
  let first
  let lines = 0
  response.on('data', chunk => {
    first ??= performance.now() - startedAt
    for (let at = chunk.indexOf(END); at !== -1; at = chunk.indexOf(END, at + 1)) lines += 1
  })
  await once(response, 'end')
  if (lines !== payload.length) throw new Error(`There were ${lines} items and not ${payload.length}.`)
  return { first, all: performance.now() - startedAt }
}
