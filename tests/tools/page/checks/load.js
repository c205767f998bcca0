import { deepStrictEqual, ok } from 'node:assert/strict'
import { openPage, predictor, withServer } from '../open.js'

export const name = 'loads with two requests, alone in the world, and asks for no metrics before Live is opened'

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url }) => {
    const { page, requests, said, close } = await openPage(browser, url)
    deepStrictEqual(requests, [`GET ${url}/`, `GET ${url}/openapi.json`])
    deepStrictEqual(await page.title(), 'Predictor')
    deepStrictEqual(await page.getByLabel('text', { exact: true }).inputValue(), 'Guten Tag')
    deepStrictEqual(await page.locator('h1').textContent(), 'Predictorv0')
    await page.getByText('Live', { exact: true }).click()
    await page.waitForRequest(`${url}/metrics`)
    await page.locator('.figures').waitFor()
    await page.getByText('Live', { exact: true }).click()
    await page.locator('.figures').waitFor({ state: 'detached' })
    ok(requests.slice(2).every(request => request === `GET ${url}/metrics`))
    deepStrictEqual(said, [])
    await close()
  })
}
