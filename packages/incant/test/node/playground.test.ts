import { createHash } from 'node:crypto'
import { createApp } from 'incant'
import { describe, expect, it } from 'vitest'
import { Echo, served } from './_served.ts'

const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

describe('the page', () => {
  it('is shown to this machine, with the hashes of its script and its style', async () => {
    const { server } = await served()
    const response = await fetch(server.url)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const html = await response.text()
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain(`script-src ${hash(/<script type="module">([\s\S]*)<\/script>/.exec(html)?.[1])};`)
    expect(policy).toContain(`style-src ${hash(/<style>([\s\S]*)<\/style>/.exec(html)?.[1])};`)
    expect(response.headers.get('x-frame-options')).toBe('DENY')
  })

  it('is not sent again to a caller that has it', async () => {
    const { server } = await served()
    const etag = (await fetch(server.url)).headers.get('etag') ?? ''
    const again = await fetch(server.url, { headers: { 'If-None-Match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it.each([
    ['off', { page: 'off' }, {}],
    ['for the world', { host: '0.0.0.0' }, {}],
    ['behind a proxy', {}, { 'X-Forwarded-For': '192.0.2.1' }],
    ['behind a trusted proxy', { trustedProxies: ['127.0.0.1'] }, {}],
  ] as const)('is not there: %s', async (_, options, headers) => {
    const { server } = await served(Echo, options)
    const url = server.url.replace('0.0.0.0', '127.0.0.1')
    const [page, unknown] = await Promise.all(['/', '/nowhere'].map(path => fetch(`${url}${path}`, { headers })))
    expect(page?.status).toBe(404)
    expect(await withoutId(page)).toBe(await withoutId(unknown))
  })

  it('is open to every caller where an option says so', async () => {
    const { server } = await served(Echo, { host: '0.0.0.0', page: 'open' })
    const url = server.url.replace('0.0.0.0', '127.0.0.1')
    expect((await fetch(url, { headers: { 'X-Forwarded-For': '192.0.2.1' } })).status).toBe(200)
  })

  it('takes no other method', async () => {
    const { server } = await served()
    const response = await fetch(server.url, { method: 'POST' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('is not there in an application that nothing serves', async () => {
    const app = createApp(Echo)
    await app.ready
    expect((await app.request('/')).status).toBe(404)
    await app.close()
  })
})

async function withoutId(response: Response | undefined): Promise<string> {
  const id = response?.headers.get('x-request-id') ?? ''
  return ((await response?.text()) ?? '').replace(id, 'ID')
}

describe('the document', () => {
  it('has a tag, and is compressed for a caller that accepts that', async () => {
    const { server } = await served()
    const response = await fetch(`${server.url}/openapi.json`, { headers: { 'Accept-Encoding': 'gzip' } })
    expect([response.headers.get('content-encoding'), response.headers.get('vary')]).toEqual([
      'gzip',
      'Accept-Encoding',
    ])
    const etag = response.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/"/)
    expect(await response.json()).toHaveProperty('openapi')
    expect((await fetch(`${server.url}/openapi.json`, { headers: { 'If-None-Match': etag } })).status).toBe(304)
  })

  it('says how large a body may be', async () => {
    const { server } = await served(Echo, { maxBodySize: '2KiB' })
    const document = await (await fetch(`${server.url}/openapi.json`)).json()
    expect(document).toHaveProperty(['paths', '/predict', 'post', 'requestBody', 'x-incant-max-body-size'], 2048)
  })
})
