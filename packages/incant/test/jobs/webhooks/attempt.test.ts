import { expect, test } from 'vitest'
import { judgeAttempt } from '../../../src/jobs/webhooks/attempt.ts'
import { type WebhookAnswer, WebhookFailure } from '../../../src/jobs/webhooks/webhook-transport.ts'

const NOW = 1_000_000
const REFUSED = new WebhookFailure('the connection was refused')
const answer = (status: number, retryAfter?: number): WebhookAnswer => ({ status, retryAfter })
const judge = (result: WebhookAnswer | WebhookFailure, attempts = 0) =>
  judgeAttempt({ event: 'completed', attempts }, result, NOW)

test.each([200, 201, 204, 299])('a %i has delivered it', status => {
  expect(judge(answer(status))).toEqual({ kind: 'delivered' })
})

test.each([301, 302, 307, 308, 429, 500, 502, 503, 504, 599])('after a %i the end of a job is sent again', status => {
  const failure = `the receiver answered ${status}`
  expect(judge(answer(status))).toEqual({ kind: 'retry', due: NOW + 5000, failure })
})

test.each([400, 401, 403, 404, 405, 410, 413, 422, 499])('a %i is final', status => {
  expect(judge(answer(status))).toEqual({ kind: 'givenUp', failure: `the receiver answered ${status}` })
})

test('the waits are 5 s, 1 and 5 and 30 minutes, 2 and 5 and 10 hours; the eighth attempt is the last', () => {
  const outcomes = Array.from({ length: 9 }, (_, attempts) => judge(REFUSED, attempts))
  const waits = outcomes.map(outcome => (outcome.kind === 'retry' ? (outcome.due - NOW) / 1000 : outcome))
  const givenUp = { kind: 'givenUp', failure: 'the connection was refused' }
  expect(waits).toEqual([5, 60, 300, 1800, 7200, 18_000, 36_000, givenUp, givenUp])
})

test('a receiver can ask for a later attempt, and for no earlier one', () => {
  const due = (retryAfter: number, attempts = 0) => judge(answer(503, retryAfter), attempts)
  expect(due(90)).toMatchObject({ due: NOW + 90_000 })
  expect(due(1)).toMatchObject({ due: NOW + 5000 })
  expect(due(999_999)).toMatchObject({ due: NOW + 36_000_000 })
  expect(due(90, 7)).toMatchObject({ kind: 'givenUp' })
})

test.each(['start', 'output', 'logs'] as const)('%s is sent once', event => {
  const once = { event, attempts: 0 }
  for (const result of [REFUSED, answer(500), answer(429, 5), answer(302)])
    expect(judgeAttempt(once, result, NOW)).toMatchObject({ kind: 'givenUp' })
  expect(judgeAttempt(once, answer(200), NOW)).toEqual({ kind: 'delivered' })
})
