import { deepStrictEqual } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { openPage, predictor, run, withServer } from '../open.js'

export const name =
  'has no accessibility fault that axe finds, light and dark, at 320 and 1280 pixels, and no sideways scroll'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url }) => {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [320, 360, 1280]) {
        const where = `${colorScheme}, ${width} px`
        const { page, close } = await openPage(browser, url, { colorScheme, viewport: { width, height: 800 } })
        await examine(page, `${where}: loaded`)
        await page
          .locator('details.more')
          .first()
          .evaluate(details => details.setAttribute('open', ''))
        while ((await page.locator('.absent button').count()) > 0) await page.locator('.absent button').first().click()
        await examine(page, `${where}: every field`)
        await run(page)
        await examine(page, `${where}: errors`)
        await page.getByRole('button', { name: 'Reset' }).click()
        await run(page)
        for (const tab of ['View', 'Raw', 'Headers']) {
          await page.getByRole('tab', { name: tab }).click()
          await examine(page, `${where}: answer as ${tab}`)
        }
        await page.getByText('Live', { exact: true }).click()
        await page.locator('.figures').waitFor()
        await examine(page, `${where}: live`)
        await close()
      }
    }
  })
  await withServer(predictor('words'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.locator('.badge.streaming').waitFor()
    await examine(page, 'streaming')
    await close()
  })
  await withServer(predictor('image'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url, { colorScheme: 'dark', viewport: { width: 320, height: 800 } })
    await examine(page, 'a file')
    await close()
  })
  const options = {
    words: ['--class-name', 'Any'],
    env: { PAGE_TOKEN: 'a-token-of-32-characters-or-more', PAGE_USERS: 'a:b' },
  }
  await withServer(predictor('guarded'), options, async ({ url }) => {
    const { page, close } = await openPage(browser, url, { viewport: { width: 320, height: 800 } })
    await examine(page, 'sign in')
    await close()
  })
}

/** Runs axe past the policy of the page, which lets nothing else run. */
export async function examine(page, state) {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: AXE })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run({ runOnly: ${JSON.stringify(TAGS)} }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')))`,
    awaitPromise: true,
    returnByValue: true,
  })
  deepStrictEqual(result.value, [], state)
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  deepStrictEqual(wide <= shown, true, `${state}: ${wide} px wide where ${shown} are shown`)
}
