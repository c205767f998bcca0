import { deepStrictEqual } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { openPage, predictor, run, withServer } from '../open.js'

export const name =
  'has no accessibility fault that axe finds, light and dark, at 320 and 1280 pixels, and no sideways scroll'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Widths in pixels. */
const LOOKS = [
  ['light', 320],
  ['light', 360],
  ['light', 1280],
  ['dark', 320],
  ['dark', 1280],
]

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url }) => {
    for (const [colorScheme, width] of LOOKS) {
      const where = `${colorScheme}, ${width} px`
      // 320 pixels are what 1280 are at 400 % zoom (WCAG 2.2, 1.4.10).
      const zoom = width === 320 ? { deviceScaleFactor: 4 } : {}
      const { page, close } = await openPage(browser, url, { colorScheme, viewport: { width, height: 800 }, ...zoom })
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
  })
  await withServer(predictor('words'), {}, ({ url }) =>
    inEachLook(browser, url, async (page, look) => {
      await page.getByRole('button', { name: /^Run/ }).click()
      await page.locator('.badge.streaming').waitFor()
      await examine(page, `${look}: streaming`)
    }),
  )
  await withServer(predictor('image'), {}, ({ url }) =>
    inEachLook(browser, url, (page, look) => examine(page, `${look}: a file`)),
  )
  await withServer(predictor('answers'), {}, ({ url }) =>
    inEachLook(browser, url, async (page, look) => {
      for (const answer of ['png', 'markup', 'bytes']) {
        await page.locator(CHOICE).selectOption({ label: answer })
        await run(page)
        await examine(page, `${look}: an answer, ${answer}`)
      }
    }),
  )
  const options = {
    words: ['--class-name', 'Any'],
    env: { PAGE_TOKEN: 'a-token-of-32-characters-or-more', PAGE_USERS: 'a:b', PAGE_SECRET: 'x'.repeat(32) },
  }
  await withServer(predictor('guarded'), options, ({ url }) =>
    inEachLook(browser, url, (page, look) => examine(page, `${look}: sign in`)),
  )
}

/** The field, by its id, whose characters CSS would read. */
const CHOICE = '#field-\\%23\\%2Fwhat'

/** The narrowest page in the light, the widest in the dark. */
async function inEachLook(browser, url, work) {
  for (const [colorScheme, width] of [
    ['light', 320],
    ['dark', 1280],
  ]) {
    const { page, close } = await openPage(browser, url, { colorScheme, viewport: { width, height: 800 } })
    await work(page, `${colorScheme}, ${width} px`)
    await close()
  }
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
