import { deepStrictEqual, ok } from 'node:assert/strict'
import { field, openPage, predictor, run, withServer } from '../open.js'

export const name = 'draws answers by what they are, large ones quickly; nothing of them is ever run'

export async function check(browser) {
  await withServer(
    predictor('answers'),
    { words: ['--max-json-items', '1000000', '--max-body-size', '10MiB'] },
    async ({ url }) => {
      const { page, requests, close } = await openPage(browser, url)
      const wish = async what => {
        await page.locator(CHOICE).selectOption({ label: what })
        return run(page)
      }
      await wish('scores')
      deepStrictEqual(await page.locator('.bars th[scope=row]').allTextContents(), ['a', 'b', 'c'])
      deepStrictEqual(await page.locator('meter').first().getAttribute('aria-label'), 'a: 0.500')

      const before = requests.length
      await wish('png')
      await page.locator('.answer .media img').waitFor()
      deepStrictEqual(requests.slice(before).filter(request => request.startsWith('POST')).length, 1)
      await wish('bytes')
      await page.locator('.answer .media pre').waitFor()

      await checkHostile(page, wish)
      await checkLarge(page, wish)
      await checkNumbers(page, wish)
      await close()
    },
  )
}

/** The field, by its id, whose characters CSS would read. */
const CHOICE = '#field-\\%23\\%2Fwhat'

async function checkHostile(page, wish) {
  await page.evaluate(() => {
    window.refused = []
    document.addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
      window.refused.push(violatedDirective),
    )
  })
  for (const what of ['svg', 'html', 'markup', 'link']) {
    await wish(what)
    await page.getByRole('tab', { name: 'Raw' }).click()
    await page.getByRole('tab', { name: 'View' }).click()
    if (what === 'svg') await page.locator('.answer .media img').waitFor()
    else ok((await page.locator('.answer').textContent()).includes('hacked'), what)
    deepStrictEqual(await page.locator('.answer script, .answer a, .answer iframe, .answer object').count(), 0, what)
    deepStrictEqual(await page.evaluate(() => window.hacked), undefined, what)
  }
  deepStrictEqual(await page.evaluate(() => window.refused), [])
}

async function checkLarge(page, wish) {
  await page.evaluate(() => {
    window.longest = 0
    new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration)
    }).observe({ type: 'longtask' })
  })
  const drawn = []
  for (let tries = 0; tries < 5 && !drawn.some(isQuick); tries += 1) {
    await wish('scores')
    await page.locator('.answer .bars').waitFor()
    await page.evaluate(() => {
      window.longest = 0
    })
    const before = performance.now()
    const { response } = await wish('large')
    await page.locator('.answer .table tbody tr').nth(499).waitFor()
    const took = performance.now() - before
    ok((await response.body()).length > 5_000_000)
    deepStrictEqual(await page.locator('.answer .table tbody tr').count(), 500)
    drawn.push({ took, longest: await page.evaluate(() => window.longest) })
  }
  ok(drawn.some(isQuick), JSON.stringify(drawn))
  await wish('line')
  ok((await page.locator('.answer .text').textContent()).length < 110_000)
}

/** Milliseconds until 5 MB are shown, and of the longest time in which the page does nothing else. */
const isQuick = ({ took, longest }) => took < 3000 && longest < 500

async function checkNumbers(page, wish) {
  const numbers = Array.from({ length: 224 * 224 * 3 }, (_, index) => (index % 256) / 255)
  const file = { name: 'pixels.csv', mimeType: 'text/csv', buffer: Buffer.from(numbers.join(',')) }
  await field(page, '#/numbers').locator('input[type=file]').setInputFiles(file)
  await page.getByText('150,528 numbers').waitFor()
  const { status, response } = await wish('numbers')
  deepStrictEqual([status, (await response.json()).count], [200, 150_528])
  ok((await page.locator('*').count()) < 5000)
}
