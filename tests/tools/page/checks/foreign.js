import { deepStrictEqual, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { predictor, withServer } from '../open.js'

export const name = 'is shown in no frame of another page, and to no name that leads here'

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url, port }) => {
    const other = createServer((_, outgoing) => {
      outgoing
        .setHeader('Content-Type', 'text/html')
        .end(`<!doctype html><title>other</title><iframe src="${url}/"></iframe>`)
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      await page.goto(`http://evil.example:${other.address().port}/`)
      const frame = page.frames().find(each => each !== page.mainFrame())
      const drawn = await frame?.evaluate(() => document.getElementById('page') !== null).catch(() => false)
      ok(!drawn, 'the page is drawn in a frame of another origin')
      const answer = await page.goto(`http://evil.example:${port}/`)
      deepStrictEqual(answer.status(), 404)
    } finally {
      await context.close()
      other.close()
      other.closeAllConnections()
    }
  })
}
