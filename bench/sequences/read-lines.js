import { request } from 'node:http'

/** A line end. */
const END = 0x0a

/**
 * Reads a stream of JSON lines to its end, and says when the first came and the last, in milliseconds.
 *
 * @returns {Promise<{ first: number, all: number }>}
 */
export function readLines(url, payload, agent) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/x-ndjson' }
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, response => {
      let first
      let lines = 0
      response.on('error', reject)
      response.on('data', chunk => {
        first ??= performance.now() - startedAt
        for (let at = chunk.indexOf(END); at !== -1; at = chunk.indexOf(END, at + 1)) lines += 1
      })
      response.on('end', () => {
        if (response.statusCode === 200 && lines === payload.length)
          resolve({ first, all: performance.now() - startedAt })
        else reject(new Error(`The server answered ${response.statusCode} with ${lines} of ${payload.length} items.`))
      })
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(payload))
  })
}
