import { deepStrictEqual } from 'node:assert/strict'
import { field, openPage, predictor, run, withServer } from '../open.js'

export const name =
  'sends what was put in and nothing else: absent, null and empty apart, big integers whole, times in UTC'

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url, { timezoneId: 'Asia/Tokyo' })
    const send = async () => JSON.parse((await run(page)).sent)
    deepStrictEqual(await send(), { text: 'Guten Tag' })
    deepStrictEqual(await field(page, '#/top').locator('input[type=number]').getAttribute('placeholder'), '3')

    await page
      .locator('details.more')
      .first()
      .evaluate(details => details.setAttribute('open', ''))
    const note = field(page, '#/note')
    await note.getByRole('checkbox').check()
    deepStrictEqual(await send(), { text: 'Guten Tag', note: null })
    await note.getByRole('checkbox').uncheck()
    await note.locator('textarea').fill('a')
    await note.locator('textarea').fill('')
    deepStrictEqual(await send(), { text: 'Guten Tag', note: '' })
    await note.getByRole('button', { name: 'Leave out note' }).click()
    deepStrictEqual(await send(), { text: 'Guten Tag' })

    await field(page, '#/id').locator('input').fill('9007199254740993')
    await field(page, '#/at').locator('input').fill('2026-01-31T21:00')
    const { sent, response } = await run(page)
    deepStrictEqual(JSON.parse(sent), { text: 'Guten Tag', id: '9007199254740993', at: '2026-01-31T12:00:00.000Z' })
    const { id, at } = await response.json()
    deepStrictEqual([id, at], ['9007199254740993', '2026-01-31T12:00:00.000Z'])
    await close()
  })
}
