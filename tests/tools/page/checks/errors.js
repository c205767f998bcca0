import { deepStrictEqual, ok } from 'node:assert/strict'
import { fill } from '../fill.js'
import { field, openPage, predictor, run, withServer } from '../open.js'

export const name =
  'shows what is wrong at its field, wherever that is, moves the focus there, and forgets it once corrected'

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    await fillAll(page)
    const { status } = await run(page)
    deepStrictEqual(status, 422)
    const wrong = ['#/text', '#/top', '#/a~1b~0c/count', '#/tags/1', '#/box/0', '#/box/1', '#/source/age']
    for (const pointer of wrong) {
      const message = await field(page, pointer).locator('> .error').textContent()
      ok(message.length > 5, `${pointer}: ${message}`)
      const control = field(page, pointer).locator('[aria-invalid]').first()
      const described = await control.getAttribute('aria-describedby')
      ok(described.includes('-error'), pointer)
    }
    const focused = await page.evaluate(() => document.activeElement.closest('[data-pointer]').dataset.pointer)
    deepStrictEqual(focused, '#/text')
    for (const [done, [pointer, value]] of Object.entries(CORRECT).entries()) {
      await fill(page, pointer, value)
      await field(page, pointer).locator('> .error').waitFor({ state: 'detached' })
      const left = wrong.slice(done + 1)
      for (const other of left) deepStrictEqual(await field(page, other).locator('> .error').count(), 1, other)
    }
    deepStrictEqual((await run(page)).status, 200)
    deepStrictEqual(await page.locator('.error, [aria-invalid=true]').count(), 0)
    await checkWithoutField(page)
    await close()
  })
}

/** What belongs in the places that are wrong, in their order. */
const CORRECT = {
  '#/text': 'Hallo',
  '#/top': 3,
  '#/a~1b~0c/count': 1,
  '#/tags/1': 'two',
  '#/box/0': 1,
  '#/box/1': 2,
  '#/source/age': 40,
}

/** One wrong value in each kind of place. */
async function fillAll(page) {
  await page
    .locator('details.more')
    .first()
    .evaluate(details => details.setAttribute('open', ''))
  await page.getByLabel('text', { exact: true }).fill('')
  await field(page, '#/top').locator('input[type=number]').fill('99')
  await fill(page, '#/a~1b~0c', {})
  await fill(page, '#/tags', ['one', '2'])
  await fill(page, '#/box', [])
  await fill(page, '#/source', { kind: 'person' })
}

async function checkWithoutField(page) {
  await page.getByRole('tab', { name: 'JSON' }).click()
  await page.getByLabel('The payload as JSON').fill('{"text":"a","source":{"kind":"nobody"}}')
  deepStrictEqual((await run(page)).status, 422)
  ok((await page.getByRole('alert').textContent()).includes('source'))
}
