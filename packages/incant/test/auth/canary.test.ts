import { createHmac } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import {
  type AuthDecorator,
  apiKeyAuth,
  auth,
  basicAuth,
  bearerAuth,
  bodyTokenAuth,
  jwtAuth,
  requireScopes,
} from '../../src/auth/index.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { served } from '../node/_served.ts'
import { basic, WITH_CONTEXT } from './_fixtures.ts'

const CANARY = 'cAnArY-0123456789-0123456789-0123456789'
const JWT_OPTIONS = { secret: CANARY, algorithms: ['HS256'], issuer: 'i', audience: 'a' } as const

function jwt(claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ alg: 'HS256' })}.${encode({ iss: 'i', aud: 'a', canary: CANARY, ...claims })}`
  return `${input}.${createHmac('sha256', CANARY).update(input).digest('base64url')}`
}

const throwing = (): never => {
  throw new Error(`cannot look up ${CANARY}`, { cause: CANARY })
}

const SETUPS: [string, readonly AuthDecorator[]][] = [
  ['bearer', [bearerAuth({ tokens: CANARY })]],
  ['unknown bearer', [bearerAuth({ tokens: 'another' })]],
  ['scopes', [bearerAuth({ tokens: CANARY }), requireScopes('x')]],
  ['basic', [basicAuth({ users: { till: CANARY } })]],
  ['tokenOnly', [basicAuth({ tokenOnly: true, tokens: CANARY })]],
  ['key', [apiKeyAuth({ tokens: CANARY })]],
  ['body', [bodyTokenAuth({ tokens: CANARY })]],
  ['jwt', [jwtAuth(JWT_OPTIONS)]],
  ['a verifier that throws', [bearerAuth({ verify: throwing })]],
  ['a store that throws', [bearerAuth({ tokens: { find: throwing } })]],
  [
    'a strategy that rejects',
    [
      auth({
        name: 'broken',
        reads: 'headers',
        challenge: { scheme: 'Broken' },
        authenticate: async () => throwing(),
      }),
    ],
  ],
]

/** Whatever the canary may have become on its way. */
const FORMS = [
  CANARY,
  btoa(CANARY),
  btoa(`${CANARY}\n`),
  btoa(`till:${CANARY}`),
  Buffer.from(CANARY).toString('base64url'),
]

test.each(SETUPS)('a secret sent everywhere appears nowhere: %s', async (name, decorators) => {
  class Predictor extends BasePredictor {
    predict(payload: unknown): unknown {
      console.log('called with', payload)
      return { seen: payload }
    }
  }
  for (const decorator of decorators) decorator(Predictor)
  const printed: unknown[] = []
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(text => {
      printed.push(String(text))
      return true
    })
  }
  const said: unknown[] = [printed]
  try {
    const { server, lines } = await served(Predictor, {
      signature: { ...WITH_CONTEXT, parameters: WITH_CONTEXT.parameters.slice(0, 1) },
    })
    for (const authorization of [
      `Bearer ${CANARY}`,
      `Bearer ${CANARY} ${CANARY}`,
      basic(CANARY),
      basic(`${CANARY}\n`),
      basic(`till:${CANARY}`),
      basic(`${CANARY}:x`),
      `Bearer ${jwt({ sub: 'till', exp: 9_999_999_999 })}`,
      `Bearer ${jwt({ sub: 'till', exp: 1 })}`,
      CANARY,
    ]) {
      for (const body of [
        JSON.stringify({ auth: CANARY }),
        JSON.stringify({ auth: [CANARY].join() }).slice(0, -1),
        '{}',
      ]) {
        const headers = { authorization, 'x-api-key': CANARY, cookie: `a=${CANARY}` }
        const response = await fetch(`${server.url}/predict?token=${CANARY}`, { method: 'POST', headers, body })
        const text = await response.text()
        // What a caller who is let in sends, and no strategy reads, is its own payload and comes back.
        if (response.status !== 200 || decorators.length === 0) said.push(text)
        said.push([...response.headers], response.statusText)
      }
    }
    // Also under a name that a metric could be made of.
    for (const path of [`/${CANARY}`, `/metrics/${CANARY}`, `/metrics?token=${CANARY}`]) {
      said.push(await (await fetch(`${server.url}${path}`)).text())
    }
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toContain('incant_requests_total{')
    said.push(metrics)
    await server.close()
    // What predict prints of its own payload is its own; a token in the body is not part of it any more.
    said.push(name === 'body' ? lines : lines.filter(({ message }) => !message.startsWith('called with')))
  } finally {
    vi.restoreAllMocks()
  }
  const everything = JSON.stringify(said)
  expect(FORMS.filter(form => everything.includes(form))).toEqual([])
})
