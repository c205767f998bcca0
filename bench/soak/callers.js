import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const NUMBERS = JSON.stringify({ kind: 'numbers', numbers: Array.from({ length: 20_000 }, (_, index) => index / 7) })
const UPLOAD = Buffer.alloc(4_000_000, 'an upload')
const json = kind => JSON.stringify({ kind })

/** What callers do, how many of each kind there are, what may come of it (who leaves late has had all), and how long they wait between calls. */
export const CALLERS = [
  { name: 'payload', count: 4, pause: 5, body: json('echo'), answers: [200] },
  { name: 'large payload', count: 2, pause: 100, body: NUMBERS, answers: [200] },
  { name: 'stream', count: 3, pause: 50, body: json('stream'), answers: [200] },
  { name: 'stream, left', count: 2, pause: 50, body: json('stream'), answers: ['left', 200], leaveAfter: 2 },
  { name: 'left while it waits', count: 2, pause: 50, body: json('wait'), answers: ['left'], leaveIn: 100 },
  { name: 'past its deadline', count: 2, pause: 50, body: json('wait'), answers: [504] },
  { name: 'thrown', count: 1, pause: 50, body: json('throw'), answers: [500] },
  { name: 'refused by predict', count: 1, pause: 50, body: json('refuse'), answers: [418] },
  { name: 'invalid', count: 1, pause: 50, body: json('nonsense'), answers: [422] },
  { name: 'no JSON', count: 1, pause: 50, body: '{', answers: [400] },
  { name: 'upload', count: 2, pause: 200, body: UPLOAD, answers: [200], upload: true },
  { name: 'upload, echoed', count: 1, pause: 200, body: UPLOAD, answers: [200], upload: true, echo: true },
  {
    name: 'upload, left',
    count: 1,
    pause: 100,
    body: UPLOAD,
    answers: ['left', 200],
    upload: true,
    echo: true,
    leaveAfter: 3,
  },
]

/** Has all callers call until they are told to stop. Returns how often they were answered what. */
export async function callUntil(stopped, urls) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const outcomes = new Map()
  const note = (name, outcome, isWrong) => {
    const key = `${name}: ${outcome}${isWrong ? ' (wrong)' : ''}`
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1)
  }
  const callers = CALLERS.flatMap(kind =>
    Array.from({ length: kind.count }, async () => {
      while (!stopped.aborted) {
        const outcome = await call(kind, kind.upload ? urls.uploads : urls.mixed, agent)
        note(kind.name, outcome, !kind.answers.includes(outcome))
        await sleep(kind.pause)
      }
    }),
  )
  await Promise.all(callers)
  agent.destroy()
  return outcomes
}

async function call({ body, echo, leaveAfter, leaveIn }, url, agent) {
  const headers = { 'content-type': 'application/json', 'content-length': body.length, 'x-echo': echo ? 'yes' : 'no' }
  const outgoing = request(`${url}/predict`, { method: 'POST', headers, agent })
  const answered = once(outgoing, 'response')
  outgoing.on('error', () => {})
  outgoing.end(body)
  const timer = leaveIn === undefined ? undefined : setTimeout(() => outgoing.destroy(), leaveIn)
  try {
    const [response] = await answered
    return (await read(response, leaveAfter)) ? response.statusCode : 'left'
  } catch (error) {
    return leaveIn === undefined ? error.message : 'left'
  } finally {
    clearTimeout(timer)
  }
}

/** Reads an answer to its end, or leaves it after so many pieces. Returns whether it was read. */
async function read(response, leaveAfter = Number.POSITIVE_INFINITY) {
  let pieces = 0
  for await (const _ of response) {
    pieces += 1
    if (pieces === leaveAfter) {
      response.destroy()
      return false
    }
  }
  return true
}
