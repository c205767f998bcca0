import { deepStrictEqual, match, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { openPage, predictor, run, withServer } from '../open.js'

export const name = 'works behind a proxy under any prefix, with no option set'

/** Passes on what is under a prefix, without it. */
async function withProxy(port, prefix, work) {
  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url.slice(prefix.length) || '/'
    ok(incoming.url.startsWith(prefix), incoming.url)
    const headers = { ...incoming.headers, host: `127.0.0.1:${port}`, origin: undefined }
    const known = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
    const passed = request({ host: '127.0.0.1', port, path, method: incoming.method, headers: known }, answer => {
      outgoing.writeHead(answer.statusCode, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  try {
    return await work(`http://127.0.0.1:${proxy.address().port}${prefix}`)
  } finally {
    proxy.close()
    proxy.closeAllConnections()
  }
}

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ port }) => {
    for (const end of ['', '/']) {
      await withProxy(port, '/a/b', async url => {
        const { page, requests, close } = await openPage(browser, `${url}${end}`)
        deepStrictEqual(requests, [`GET ${url}${end}`, `GET ${url}/openapi.json`])
        deepStrictEqual((await run(page)).status, 200)
        match(await page.locator('.code pre').textContent(), new RegExp(`curl ${url}/predict`))
        await close()
      })
    }
  })
}
