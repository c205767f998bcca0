import { deepStrictEqual, match } from 'node:assert/strict'
import { openPage, predictor, run, withServer } from '../open.js'

export const name = 'lists several models, one page each'

export async function check(browser) {
  const words = [`words=${predictor('words')}`]
  await withServer(`told=${predictor('told')}`, { words }, async ({ url }) => {
    const { page, requests, said, close } = await openPage(browser, url)
    deepStrictEqual(await page.locator('.models a').allTextContents(), ['told', 'words'])
    await page.getByLabel('text', { exact: true }).fill('a')
    const { status, response } = await run(page)
    deepStrictEqual([status, new URL(response.url()).pathname], [200, '/models/told/predict'])
    match(await page.locator('.code pre').textContent(), /\/models\/told\/predict/)
    await page.getByRole('link', { name: 'words' }).click()
    await page.getByLabel('pause').fill('1')
    const other = await run(page)
    deepStrictEqual([other.status, new URL(other.response.url()).pathname], [200, '/models/words/predict'])
    deepStrictEqual(new URL(page.url()).hash, '#words')
    deepStrictEqual(requests.filter(request => request === `GET ${url}/openapi.json`).length, 1)
    deepStrictEqual(said, [])
    await close()
  })
  await withServer(`told=${predictor('told')}`, { words: [`talks=${predictor('talks')}`] }, checkFaces(browser))
}

/** Samples and chat are those of the model that is shown. */
function checkFaces(browser) {
  return async ({ url }) => {
    const { page, said, close } = await openPage(browser, url)
    deepStrictEqual(await page.getByRole('tab', { name: /^(OpenAI|Chat)$/ }).count(), 0)
    await page.getByRole('link', { name: 'talks' }).click()
    await page.getByRole('tab', { name: 'OpenAI' }).click()
    match(await page.locator('.code pre').textContent(), /model: "talks"/)
    await page.getByRole('tab', { name: 'Chat' }).click()
    await page.getByLabel('Your message').fill('Good day')
    await page.keyboard.press('Enter')
    await page.getByText('I heard 1: Good day <b>.').waitFor()
    deepStrictEqual(said, [])
    await close()
  }
}
