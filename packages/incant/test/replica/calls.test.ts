import { once } from 'node:events'
import { request } from 'node:http'
import { expect, it } from 'vitest'
import { signatureOf } from '../app/_serving.ts'
import { eventually } from '../node/_served.ts'
import { ask, NOTHING, serveReplicas } from './_replicas.ts'

const WITH_CONTEXT = signatureOf({ role: 'payload' }, { role: 'context' })

it('gives predict its context, and its log and console lines the request id', async () => {
  const served = await serveReplicas('forms.js', {
    signature: WITH_CONTEXT,
    exportName: 'Context',
    modelInfo: { name: 'm', version: 'v7' },
  })
  const response = await ask(served, {}, { headers: { 'x-request-id': 'id-1' } })
  expect(await response.json()).toMatchObject({
    ...{ requestId: 'id-1', isSoon: true, aborted: false, address: '127.0.0.1' },
    modelInfo: { name: 'm', version: 'v7' },
  })
  const fields = { requestId: 'id-1', replica: 0 }
  await eventually(() => served.lines.length >= 3)
  expect(served.lines).toContainEqual({ level: 'info', message: 'from predict', fields: { ...fields, mine: 1 } })
  expect(served.lines).toContainEqual({ level: 'info', message: 'from the console', fields })
})

it('runs background tasks after the response, and logs those that fail', async () => {
  const options = { signature: signatureOf({ role: 'payload' }, { role: 'tasks' }), exportName: 'Tasks' }
  const served = await serveReplicas('forms.js', options)
  expect(await (await ask(served, {})).json()).toEqual([])
  const response = await ask(served, { fail: true })
  expect(await response.json()).toEqual(['ran'])
  await eventually(() => served.lines.some(({ message }) => message === 'a background task failed'))
  expect(served.lines.find(({ message }) => message === 'a background task failed')?.fields).toMatchObject({
    requestId: response.headers.get('x-request-id'),
    error: { message: 'the task fails' },
  })
  const [replica] = served.engine.replicas
  await eventually(() => replica?.idle === true)
})

it.each([
  ['its deadline has passed', 'deadline_exceeded', 1000],
  ['the caller has left', 'client_closed', 60_000],
] as const)('tells predict through its signal that %s', async (_name, code, requestTimeout) => {
  const options = { signature: WITH_CONTEXT, exportName: 'Stops', requestTimeout, concurrency: 1, queue: 0 }
  const served = await serveReplicas('forms.js', options)
  const leave = new AbortController()
  const pending = ask(served, { wait: 30_000, say: 'begun' }, { signal: leave.signal }).then(
    ({ status }) => status,
    () => 'left',
  )
  await eventually(() => served.lines.some(({ message }) => message === 'begun'))
  if (code === 'client_closed') leave.abort()
  expect(await pending).toBe(code === 'client_closed' ? 'left' : 504)
  // The place is free again at once, since the process is there to hear it.
  await eventually(() => served.engine.load.running === 0)
  expect(await (await ask(served, { say: 'aborted' })).json()).toEqual([code])
})

it('stops a generator whose reader stalls, and returns it when the reader leaves', async () => {
  const served = await serveReplicas('forms.js', { signature: signatureOf({ role: 'payload' }), exportName: 'Endless' })
  const figures = async (): Promise<{ given: number; returned: number }> => {
    const response = await ask(served, { say: 'figures' }, { headers: { accept: 'application/x-ndjson' } })
    return JSON.parse(await response.text())
  }
  const outgoing = request(`${served.server.url}/predict`, { method: 'POST' })
  outgoing.end('{}')
  const [response] = await once(outgoing, 'response')
  await once(response, 'readable')
  let given = -1
  // Until as many calls as this, of the same replica, see no further item: both ends of the socket are full.
  for (let same = 0; same < 50; ) {
    const { given: now } = await figures()
    same = now === given ? same + 1 : 0
    given = now
  }
  response.destroy()
  await expect.poll(async () => (await figures()).returned).toBeGreaterThan(0)
  await eventually(() => served.engine.load.running === 0)
  expect(served.engine.load).toEqual(NOTHING)
})

it('streams an upload through to predict without keeping it', { tags: ['slow'], timeout: 60_000 }, async () => {
  const size = 160 * 2 ** 20
  const options = { signature: signatureOf({ role: 'stream' }), exportName: 'Swallows', maxBodySize: '2GiB' } as const
  const served = await serveReplicas('forms.js', options)
  const outgoing = request(`${served.server.url}/predict`, { method: 'POST', headers: { 'content-length': size } })
  const answered = once(outgoing, 'response')
  const chunk = Buffer.alloc(2 ** 20)
  let grown = 0
  const before = process.memoryUsage.rss()
  for (let sent = 0; sent < size; sent += chunk.byteLength) {
    if (!outgoing.write(chunk)) await once(outgoing, 'drain')
    grown = Math.max(grown, process.memoryUsage.rss() - before)
  }
  outgoing.end()
  const [response] = await answered
  const chunks = await response.toArray()
  expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({ length: size })
  // This process is the caller, too.
  expect(grown).toBeLessThan(120 * 2 ** 20)
  expect(served.engine.load).toEqual(NOTHING)
})
