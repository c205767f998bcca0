import { deepStrictEqual, ok } from 'node:assert/strict'
import { field, openPage, predictor, run, withServer } from '../open.js'

export const name = 'shows a stream as it comes, stops it on the server, and keeps what came before an error'

/** Notes when the first bytes of an answer came to the page, and when it showed a text of them. */
function watchFirst() {
  window.noted = {}
  const { read } = ReadableStreamDefaultReader.prototype
  ReadableStreamDefaultReader.prototype.read = async function (...words) {
    const result = await read.apply(this, words)
    if (!result.done) window.noted.arrived ??= performance.now()
    return result
  }
  const shows = () => (document.querySelector('.answer .text')?.textContent ?? '') !== ''
  const note = () => {
    if (shows()) window.noted.shown ??= performance.now()
  }
  new MutationObserver(note).observe(document, { childList: true, subtree: true, characterData: true })
}

/** A busy machine may hold up the page once; it does not do so each time. */
async function checkFirst(browser, url) {
  const times = []
  for (let tries = 0; tries < 5 && !times.some(time => time < 200); tries += 1) {
    const { page, context, close } = await openPage(browser, 'about:blank', {}, false)
    await context.addInitScript(watchFirst)
    await page.goto(url)
    await page.locator('.actions').waitFor()
    await page.evaluate(() => {
      window.noted = {}
    })
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.waitForFunction(() => window.noted.shown !== undefined && window.noted.arrived !== undefined)
    times.push(await page.evaluate(() => window.noted.shown - window.noted.arrived))
    await close()
  }
  ok(
    times.some(time => time < 200),
    `the first item was shown after ${times.map(Math.round).join(', ')} ms`,
  )
}

export async function check(browser) {
  await withServer(predictor('words'), {}, async ({ url }) => {
    await checkFirst(browser, url)
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
    await checkStops(page, url)

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

/**
 * Stops the stream that runs; it reaches the server within a second. A busy machine may hold up one of several, and not
 * each.
 */
async function checkStops(page, url) {
  const times = []
  for (let tries = 0; tries < 5 && !times.some(time => time < 1000); tries += 1) {
    if (tries > 0) await page.getByRole('button', { name: /^Run/ }).click()
    await page.locator('.badge.streaming').waitFor()
    const { stopped } = await readCounts(url)
    const before = performance.now()
    await page.keyboard.press('Escape')
    await untilStopped(url, stopped + 1)
    times.push(performance.now() - before)
    await page.locator('.badge.stopped').waitFor()
  }
  ok(
    times.some(time => time < 1000),
    `stopped after ${times.map(Math.round).join(', ')} ms`,
  )
}

/** How many streams have ended because their callers left, and how many go on. */
async function readCounts(url) {
  const text = await (await fetch(`${url}/metrics`)).text()
  return {
    stopped: Number(/route="\/predict",[^\n]*status="499"\} (\d+)/.exec(text)?.[1] ?? 0),
    running: Number(/^incant_calls_in_flight(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1]),
  }
}

async function untilStopped(url, count) {
  for (let tries = 0; tries < 1000; tries += 1) {
    const { stopped, running } = await readCounts(url)
    if (stopped >= count && running === 0) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error('the stream goes on')
}
