// Fills fields as a person does: by what is drawn, not by what the schema says.
import { field } from './open.js'

/**
 * Fills the field of a pointer so that it holds a value.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} pointer
 * @param {unknown} value JSON
 */
export async function fill(page, pointer, value) {
  const place = field(page, pointer)
  const kind = await place.getAttribute('data-kind')
  if (kind === 'absent') {
    await place.getByRole('button').click()
    return fill(page, pointer, value)
  }
  if (value === null && kind !== 'choice') return place.getByRole('checkbox', { name: /: null$/ }).check()
  const work = WAYS[kind]
  if (work === undefined) throw new Error(`${pointer} is drawn as ${kind}, which this cannot fill`)
  await work({ page, pointer, place, value })
}

const control = place => place.locator('input, textarea').first()

async function choose({ place, value }) {
  const label = typeof value === 'string' ? value : JSON.stringify(value)
  const select = place.locator('select')
  if ((await select.count()) > 0) await select.selectOption({ label })
  else await place.getByRole('radio', { name: label, exact: true }).check()
}

async function fillText({ place, value }) {
  const input = control(place)
  const type = await input.getAttribute('type')
  if (type !== 'datetime-local') return input.fill(value)
  // Typed in the zone of the browser.
  const local = await input.evaluate((_, text) => {
    const time = new Date(text)
    return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
  }, value)
  await input.fill(local)
}

async function fillBoolean({ place, value }) {
  const box = place.locator('input[type=checkbox]')
  if ((await place.getByRole('radio').count()) > 0) await place.getByRole('radio', { name: String(value) }).check()
  else await box.setChecked(value)
}

async function fillMembers({ page, pointer, place, value }) {
  const more = place.locator('details.more')
  if ((await more.count()) > 0) await more.first().evaluate(details => details.setAttribute('open', ''))
  for (const [name, member] of Object.entries(value)) {
    const inner = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    // Members that the type does not name have no field.
    if ((await page.locator(`[data-pointer=${JSON.stringify(inner)}]`).count()) > 0) await fill(page, inner, member)
  }
}

const WAYS = {
  choice: choose,
  text: fillText,
  boolean: fillBoolean,
  number: ({ place, value }) => place.locator('input[type=number]').fill(String(value)),
  json: ({ place, value }) => control(place).fill(JSON.stringify(value)),
  numbers: ({ place, value }) => place.locator('textarea').fill(value.join(', ')),
  matrix: ({ place, value }) => place.locator('textarea').fill(value.map(row => row.join(',')).join('\n')),
  file: ({ place, value }) =>
    place
      .locator('input[type=file]')
      .setInputFiles({ name: 'bytes', mimeType: '', buffer: Buffer.from(value, 'base64') }),
  checks: async ({ place, value }) => {
    for (const each of value) await place.getByRole('checkbox', { name: String(each), exact: true }).check()
  },
  rows: async ({ page, pointer, place, value }) => {
    for (const [index, item] of value.entries()) {
      await place.getByRole('button', { name: 'Add an item' }).last().click()
      await fill(page, `${pointer}/${index}`, item)
    }
  },
  tuple: async ({ page, pointer, place, value }) => {
    for (const [index, item] of value.entries()) {
      const inner = `${pointer}/${index}`
      if ((await page.locator(`[data-pointer="${inner}"]`).count()) === 0) {
        await place.getByRole('button', { name: 'Add an item' }).click()
      }
      await fill(page, inner, item)
    }
  },
  record: async ({ page, pointer, place, value }) => {
    for (const [name, member] of Object.entries(value)) {
      await place.getByRole('button', { name: 'Add a name' }).click()
      await place.locator('input.name').last().fill(name)
      await place.locator('input.name').last().blur()
      await fill(page, `${pointer}/${name}`, member)
    }
  },
  object: fillMembers,
  union: async context => {
    const { place, value } = context
    const select = place.locator('select').first()
    const labels = await select.locator('option').allTextContents()
    const label = labels.find(each => each === value?.kind || each === typeof value) ?? labels[0]
    await select.selectOption({ label })
    if (typeof value === 'object') return fillMembers(context)
    await place.locator('.alternative').locator('input, textarea').first().fill(String(value))
  },
}
