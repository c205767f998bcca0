import { deepStrictEqual, ok } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { field, openPage, predictor, run, withServer } from '../open.js'

export const name = 'sends files as they are: chosen, dropped, pasted, recorded, in a form; too large ones not at all'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const hash = createHash('sha256').update(PNG).digest('hex')

export async function check(browser) {
  await withServer(predictor('image'), { words: ['--max-body-size', '64KiB'] }, ({ url }) => checkBody(browser, url))
  await withServer(predictor('form'), {}, ({ url }) => checkForm(browser, url))
}

async function checkBody(browser, url) {
  const { page, requests, close } = await openPage(browser, url)
  const send = async () => {
    const { status, headers, response } = await run(page)
    return [status, headers['content-type'], (await response.json()).hash]
  }
  await page.locator('#bytes').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: PNG })
  await page.locator('.preview img').waitFor()
  deepStrictEqual(await send(), [200, 'image/png', hash])
  for (const kind of ['drop', 'paste']) {
    await page.getByRole('button', { name: 'Reset' }).click()
    await page.locator('.picker').evaluate(give, { kind, bytes: [...PNG] })
    await page.locator('.preview img').waitFor()
    deepStrictEqual(await send(), [200, 'image/png', hash], kind)
  }
  await page.getByRole('button', { name: 'Camera' }).click()
  await page.waitForFunction(() => document.querySelector('video')?.videoWidth > 0)
  await page.getByRole('button', { name: 'Take the picture' }).click()
  await page.getByText('camera.png,').waitFor()
  deepStrictEqual((await send()).slice(0, 2), [200, 'image/png'])
  const before = requests.length
  await page.locator('#bytes').setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer: Buffer.alloc(70_000) })
  await page.getByRole('button', { name: /^Run/ }).click()
  await page.getByText('Nothing was sent').waitFor()
  deepStrictEqual(
    requests.slice(before).filter(request => request.startsWith('POST')),
    [],
  )
  await close()
}

/** Runs in the page: what a hand or a clipboard does. */
function give(picker, { kind, bytes }) {
  const files = new DataTransfer()
  files.items.add(new File([new Uint8Array(bytes)], 'a.png', { type: 'image/png' }))
  const event =
    kind === 'drop'
      ? new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })
      : new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true })
  picker.dispatchEvent(event)
}

async function checkForm(browser, url) {
  const { page, close } = await openPage(browser, url)
  const { status } = await run(page)
  deepStrictEqual(status, 422)
  ok((await field(page, '#/image').locator('.error').textContent()).length > 5)
  await field(page, '#/image')
    .locator('input[type=file]')
    .setInputFiles({ name: 'é "q".png', mimeType: 'image/png', buffer: PNG })
  await page.locator('details.more').evaluateAll(all => {
    for (const details of all) details.setAttribute('open', '')
  })
  await field(page, '#/top').locator('input').fill('2.5')
  const sent = await run(page)
  deepStrictEqual(sent.status, 200)
  const { type, bytes, top } = await sent.response.json()
  deepStrictEqual([type, bytes, top], ['image/png', PNG.length, 2.5])
  await close()
}
