import { expect, it, onTestFinished } from 'vitest'
import { privateNetwork } from '../../src/auth/index.ts'
import { serve } from '../../src/node/serve.ts'
import { Echo, rememberingLogger, served } from './_served.ts'

const get = async (url: string | undefined, path: string, init?: RequestInit) =>
  (await fetch(`${url}${path}`, init)).status

it('a listener for probes answers them, metrics, and nothing else', async () => {
  const { server, lines } = await served(Echo, { probesListen: '127.0.0.1:0' })
  for (const path of ['/livez', '/ready', '/metrics']) expect(await get(server.probesUrl, path)).toBe(200)
  for (const path of ['/', '/health', '/predict', '/openapi.json', '/livez/', '/unknown'])
    expect(await get(server.probesUrl, path)).toBe(404)
  const call = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
  expect(await get(server.probesUrl, '/predict', call)).toBe(404)
  expect(await get(server.url, '/predict', call)).toBe(200)
  const told = lines.find(({ message }) => message === 'probes and metrics are answered')
  expect(told?.fields).toEqual({ url: server.probesUrl })
})

it('it answers everybody where the server is private, over plain HTTP', async () => {
  class Private extends Echo {}
  privateNetwork({ allow: ['127.0.0.2'], allowedHosts: ['model.internal'] })(Private)
  const { server, lines } = await served(Private, { insecureHttp: true, probesListen: '0.0.0.0:0' })
  expect(await get(server.url, '/ready')).toBe(404)
  for (const path of ['/livez', '/ready', '/metrics']) expect(await get(server.probesUrl, path)).toBe(200)
  expect(await get(server.probesUrl, '/predict')).toBe(404)
  expect(lines.some(({ message }) => message.startsWith('every caller that reaches 0.0.0.0 can read /metrics'))).toBe(
    true,
  )
})

it('its metrics ask for the token of the others, and are off with them', async () => {
  process.env['METRICS_TOKEN'] = 'good-token'
  onTestFinished(() => void delete process.env['METRICS_TOKEN'])
  const { server } = await served(Echo, { probesListen: '127.0.0.1:0', metricsAuth: 'env:METRICS_TOKEN' })
  expect(await get(server.probesUrl, '/metrics')).toBe(401)
  expect(await get(server.probesUrl, '/metrics', { headers: { Authorization: 'Bearer good-token' } })).toBe(200)
  const { server: without } = await served(Echo, { probesListen: '127.0.0.1:0', metrics: 'off' })
  expect(await get(without.probesUrl, '/metrics')).toBe(404)
  expect(await get(without.probesUrl, '/ready')).toBe(200)
})

it('its /ready turns 503 when the server drains', async () => {
  const { server } = await served(Echo, { probesListen: '127.0.0.1:0' })
  server.drain()
  expect([await get(server.probesUrl, '/ready'), await get(server.probesUrl, '/livez')]).toEqual([503, 200])
})

it('needs a host and a port', async () => {
  const options = { port: 0, logger: rememberingLogger().logger, probesListen: '8001' }
  await expect(serve(Echo, options)).rejects.toMatchObject({
    code: 'invalid_option',
    message: expect.stringContaining('Use a host and a port'),
  })
})
