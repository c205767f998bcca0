import { deepStrictEqual, ok } from 'node:assert/strict'
import { field, openPage, predictor, run, withServer } from '../open.js'

export const name = 'shows a stream as it comes, stops it on the server, and keeps what came before an error'

export async function check(browser) {
  await withServer(predictor('words'), {}, async ({ url }) => {
    const { page, said, close } = await openPage(browser, url)
    await page.getByRole('button', { name: /^Run/ }).click()
    const sizes = new Set()
    for (const size of [1, 10, 20]) {
      await page.waitForFunction(
        least => document.querySelector('.answer .text')?.textContent.length >= least * 6,
        size,
      )
      sizes.add((await page.locator('.answer .text').textContent()).length)
    }
    deepStrictEqual(sizes.size, 3)
    await page.keyboard.press('Escape')
    await page.locator('.badge.stopped').waitFor()
    await untilMetrics(url, text => /status="499"\} 1/.test(text) && /incant_calls_in_flight(\{[^}]*\})? 0/.test(text))

    await field(page, '#/failAt').locator('input').fill('3')
    await field(page, '#/pause').locator('input').fill('20')
    await run(page)
    deepStrictEqual(await page.locator('.answer .text').textContent(), 'word1 word2 ')
    ok((await page.getByRole('alert').textContent()).includes('request id'))
    ok((await page.locator('.answer').textContent()).includes('Incomplete'))

    await field(page, '#/failAt').locator('input').fill('0')
    await field(page, '#/count').locator('input[type=number]').fill('5')
    await run(page)
    deepStrictEqual(await page.locator('.answer .text').textContent(), 'word1 word2 word3 word4 word5 ')
    ok((await page.locator('.line').textContent()).includes('5 items'))
    ok(
      said.every(text => text.includes('ERR_')),
      said.join('\n'),
    )
    await close()
  })
}

async function untilMetrics(url, test) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (test(await (await fetch(`${url}/metrics`)).text())) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('the stream goes on')
}
