// Takes the pictures of the page in docs/pictures, with the browser and the servers of its checks.
//
//   node scripts/page-pictures.js
import { fileURLToPath } from 'node:url'
import { openPage, predictor, run, withBrowser, withServer } from '../tests/tools/page/open.js'

const into = name => fileURLToPath(new URL(`../docs/pictures/${name}.png`, import.meta.url))

/** Opens a page, does something there, and takes its picture. */
async function take(browser, { url, name, width = 1120, height = 760, colorScheme = 'light' }, work) {
  const { page, close } = await openPage(browser, url, { colorScheme, viewport: { width, height } })
  await work(page)
  await page.mouse.move(0, 0)
  await page.screenshot({ path: into(name), animations: 'disabled' })
  await close()
}

await withBrowser(async browser => {
  await withServer(predictor('passage'), {}, async ({ url }) => {
    await take(browser, { url, name: 'page' }, run)
    await take(browser, { url, name: 'page-dark', colorScheme: 'dark' }, run)
    await take(browser, { url, name: 'page-errors', height: 620 }, async page => {
      await page.getByLabel('text', { exact: true }).fill('')
      await page.locator('input[type=number]').first().fill('99')
      await run(page)
      await page.locator('.error').first().waitFor()
    })
    await take(browser, { url, name: 'page-live', height: 820 }, async page => {
      for (let calls = 0; calls < 20; calls += 1) await run(page)
      await page.getByText('Live', { exact: true }).click()
      await page.locator('.figures').waitFor()
      for (let calls = 0; calls < 60; calls += 1) await run(page)
      await page.locator('.live').scrollIntoViewIfNeeded()
      await page.waitForTimeout(2500)
    })
  })
  await withServer(predictor('words'), {}, ({ url }) =>
    take(browser, { url, name: 'page-stream', height: 520 }, async page => {
      await page.getByRole('button', { name: /^Run/ }).click()
      await page.waitForFunction(() => document.querySelector('.answer .text')?.textContent.length > 150)
    }),
  )
  await withServer(predictor('image'), {}, ({ url }) =>
    take(browser, { url, name: 'page-narrow', width: 360, height: 760 }, page =>
      page.locator('#bytes').setInputFiles(into('page')),
    ),
  )
})
