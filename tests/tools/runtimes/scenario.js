// What a program with the client does in every runtime. It uses nothing but the client and the web platform.
import { AuthenticationError, InvalidPayloadError, ModelClient, UnavailableError, verifyWebhook } from 'incant/client'

/**
 * Asks a server that takes one call at a time, and has nobody wait.
 *
 * @param {string} url the server
 * @param {string} token the one it takes
 */
export async function runScenario(url, token) {
  // A browser may keep a connection that was left for five seconds, in case the rest of the answer comes: the place on the
  // server is free after that.
  const model = new ModelClient(url, { auth: { bearer: async () => token }, retry: { attempts: 10 } })
  return {
    health: await model.health(),
    ready: await model.ready(),
    predict: await model.predict({ echo: 'Grüße, 世界 🎉' }),
    stream: await collect(await model.predict({ count: 3 })),
    brokenOff: await breakOff(model),
    invalid: await fail(InvalidPayloadError, model.predict({ echo: 5 })),
    unauthorized: await fail(AuthenticationError, new ModelClient(url).predict({ echo: 'a' })),
    wrongToken: await fail(AuthenticationError, new ModelClient(url, { auth: { bearer: 'other' } }).predict({})),
    ...(await askWhileBusy(url, token, model)),
    abortedStream: await abortStream(model),
    abortedCall: await abortCall(model, token, url),
    webhook: await verify(SIGNED),
    forgedWebhook: await fail(Error, verify({ ...SIGNED, body: SIGNED.body.replace('canceled', 'succeeded') })),
    afterwards: await model.predict({ echo: 'free again' }),
  }
}

/** A webhook of November 2023, and the secret of the examples of Standard Webhooks with which it was signed. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const SIGNED = {
  headers: {
    'webhook-id': 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
    'webhook-timestamp': '1700000000',
    'webhook-signature': 'v1,9DBq3N4H5VbVHkT8xHsdRfGoSNEmbEjXiVQXEw4Zr4Q=',
  },
  body: '{"id":"a","status":"canceled"}',
}

async function verify({ headers, body }) {
  const request = new Request('https://receiver.example/', { method: 'POST', headers, body })
  const { id, job } = await verifyWebhook(request, { secret: [SECRET], tolerance: Number.POSITIVE_INFINITY })
  return { id, job }
}

async function collect(stream) {
  const items = []
  for await (const item of stream) items.push(item)
  return items
}

async function breakOff(model) {
  for await (const item of await model.predict({ count: 1000 })) if (item === 2) return item
}

async function fail(expected, call) {
  try {
    return { answered: await call }
  } catch (error) {
    const { name, code, status } = error
    return { isOfClass: error instanceof expected, name, code, ...(status === undefined ? {} : { status }) }
  }
}

/** The only place is taken: a call is a 503 without a second attempt, and with one it is served once the place is free. */
async function askWhileBusy(url, token, model) {
  const held = await model.predict({ hold: true })
  await held.next()
  const busy = await fail(UnavailableError, model.predict({ echo: 'a' }, { retry: false }))
  const statuses = []
  const patient = new ModelClient(url, {
    auth: { bearer: token },
    retry: { attempts: 10 },
    async fetch(...call) {
      const response = await fetch(...call)
      statuses.push(response.status)
      await held.return()
      return response
    },
  })
  const answer = await patient.predict({ echo: 'later attempt' })
  return { busy, retried: { statuses: [...new Set(statuses)], answer } }
}

async function abortStream(model) {
  const leave = new AbortController()
  const held = await model.predict({ hold: true }, { signal: leave.signal })
  await held.next()
  leave.abort(new Error('enough of the stream'))
  return held.next().then(
    () => 'went on',
    error => error.message,
  )
}

/** Ends a call whose answer has not come. */
async function abortCall(model, token, url) {
  const held = await model.predict({ hold: true })
  await held.next()
  const leave = new AbortController()
  const waiting = new ModelClient(url, {
    auth: { bearer: token },
    async fetch(...call) {
      const response = await fetch(...call)
      leave.abort(new Error('enough of waiting'))
      return response
    },
  })
  const outcome = await waiting.predict({ echo: 'never' }, { signal: leave.signal }).catch(error => error.message)
  await held.return()
  return outcome
}
