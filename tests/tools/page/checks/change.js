import { deepStrictEqual } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../../../examples/serving.js'
import { openPage, run, withServer } from '../open.js'

export const name = 'says that the predictor has changed, and keeps what still fits when it is drawn again'

const write = members => `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: { ${members} }) { return Object.keys(payload) }
}
`

export async function check(browser) {
  const folder = mkdtempSync(fileURLToPath(new URL('../predictors/change-', import.meta.url)))
  const file = join(folder, 'predictor.ts')
  writeFileSync(file, write('text: string; size: number'))
  try {
    await withServer(file, { words: ['--watch'] }, async ({ url }) => {
      const { page, close } = await openPage(browser, url)
      await page.getByLabel('text', { exact: true }).fill('kept')
      await page.getByLabel('size').fill('5')
      deepStrictEqual((await run(page)).status, 200)
      const before = (await fetch(`${url}/openapi.json`)).headers.get('etag')
      writeFileSync(file, write('text: string; size: boolean'))
      while ((await fetch(`${url}/openapi.json`)).headers.get('etag') === before)
        await new Promise(done => setTimeout(done, 50))
      deepStrictEqual((await run(page)).status, 422)
      await page.getByRole('button', { name: 'Draw it again' }).click()
      await page.getByRole('checkbox', { name: 'size' }).waitFor()
      deepStrictEqual(await page.getByLabel('text', { exact: true }).inputValue(), 'kept')
      deepStrictEqual(JSON.parse((await run(page)).sent), { text: 'kept', size: false })
      await close()
    })
    await checkRestart(browser, file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Another server at the same address, with other types. */
async function checkRestart(browser, file) {
  const port = await findFreePort()
  writeFileSync(file, write('text: string; size: number'))
  const { page, close } = await withServer(file, { port }, async ({ url }) => {
    const opened = await openPage(browser, url)
    await opened.page.getByLabel('text', { exact: true }).fill('kept')
    await opened.page.getByLabel('size').fill('5')
    deepStrictEqual((await run(opened.page)).status, 200)
    return opened
  })
  writeFileSync(file, write('text: string; size: boolean'))
  await withServer(file, { port }, async () => {
    deepStrictEqual((await run(page)).status, 422)
    await page.getByRole('button', { name: 'Draw it again' }).click()
    await page.getByRole('checkbox', { name: 'size' }).waitFor()
    deepStrictEqual(await page.getByLabel('text', { exact: true }).inputValue(), 'kept')
  })
  await close()
}
