import { HTTPException } from 'hono/http-exception'
import { describe, expect, it } from 'vitest'
import { RequestError } from '../../../src/errors/request-error.ts'
import { StartupError } from '../../../src/errors/startup-error.ts'
import { isTold, noteTold } from '../../../src/http/failure.ts'
import { NotSerializableError } from '../../../src/http/not-serializable.ts'
import { decodeError, encodeError } from '../../../src/replica/wire/wire-error.ts'

/** As it arrives in the other process. */
async function cross(thrown: unknown): Promise<Error> {
  return decodeError(structuredClone(await encodeError(thrown)))
}

describe('what was thrown in a replica is in the front', () => {
  it('a RequestError with its code, detail, headers and issues', async () => {
    const issues = [{ pointer: '#/text', detail: 'must be a string' }]
    const thrown = new RequestError('invalid_payload', { detail: 'no', issues, headers: { 'Retry-After': '3' } })
    const arrived = await cross(thrown)
    expect(arrived).toBeInstanceOf(RequestError)
    expect(arrived).toMatchObject({ code: 'invalid_payload', detail: 'no', issues, headers: { 'Retry-After': '3' } })
  })

  it('an HTTPException with its status, its message and its response', async () => {
    const plain = await cross(new HTTPException(418, { message: 'tea' }))
    expect(plain).toMatchObject({ status: 418, message: 'tea' })
    const res = new Response('short and stout', { status: 418, headers: { 'X-Pot': '1' } })
    const arrived = await cross(new HTTPException(418, { res }))
    if (!(arrived instanceof HTTPException)) throw arrived
    const response = arrived.getResponse()
    expect([response.status, response.headers.get('X-Pot'), await response.text()]).toEqual([
      418,
      '1',
      'short and stout',
    ])
  })

  it('an HTTPException whose response was read already is the failure to read it', async () => {
    const res = new Response('gone')
    await res.text()
    expect(await cross(new HTTPException(418, { res }))).not.toBeInstanceOf(HTTPException)
  })

  it('a StartupError with its code, what was found and the fix', async () => {
    const cause = new Error('disk')
    const thrown = new StartupError({ code: 'setup_failed', found: 'setup() threw', instead: 'Fix it.', cause })
    const arrived = await cross(thrown)
    expect(StartupError.is(arrived)).toBe(true)
    expect(arrived).toMatchObject({ code: 'setup_failed', found: 'setup() threw', instead: 'Fix it.' })
    expect(arrived.cause).toMatchObject({ message: 'disk' })
  })

  it('a value that JSON cannot carry with its path', async () => {
    expect(await cross(new NotSerializableError('$.m', 'a Map at $.m'))).toMatchObject({
      path: '$.m',
      message: 'a Map at $.m',
    })
  })

  it.each([['text'], [{ code: 5 }], [null], [undefined]])('an error that describes %j', async thrown => {
    expect(await cross(thrown)).toBeInstanceOf(Error)
  })

  it('logged once: one that was logged there is not logged again', async () => {
    const logged = new Error('seen')
    noteTold(logged)
    expect(isTold(await cross(logged))).toBe(true)
    expect(isTold(await cross(new Error('new')))).toBe(false)
  })
})
