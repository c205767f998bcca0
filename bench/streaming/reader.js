import { once } from 'node:events'
import { request } from 'node:http'

/**
 * Calls predict and gives the response as it begins.
 *
 * @returns {Promise<{ response: import('node:http').IncomingMessage, startedAt: number }>}
 */
export async function openStream(url, payload, agent) {
  const headers = { 'Content-Type': 'application/json' }
  const startedAt = performance.now()
  const sent = request(`${url}/predict`, { method: 'POST', headers, agent })
  sent.end(JSON.stringify(payload))
  const [response] = await once(sent, 'response')
  if (response.statusCode !== 200) throw new Error(`The server answered with ${response.statusCode}.`)
  return { response, startedAt }
}

/** Reads a stream of events to its end, and says when the first came and the last, in milliseconds. */
export async function readTimes(url, payload, agent) {
  const { response, startedAt } = await openStream(url, payload, agent)
  let first
  let events = 0
  for await (const chunk of response) {
    first ??= performance.now() - startedAt
    events += chunk.toString().split('\n\n').length - 1
  }
  if (events !== payload.length) throw new Error(`There were ${events} events and not ${payload.length}.`)
  return { first, all: performance.now() - startedAt }
}
