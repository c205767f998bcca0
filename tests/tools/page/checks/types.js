import { deepStrictEqual, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CARRIED, FORMS } from '../../../../scripts/docs/types/rows.js'
import { fill } from '../fill.js'
import { openPage, run, withServer } from '../open.js'

export const name = 'each row of docs/types.md has a field that, filled, is accepted'

const ROWS = [...Object.values(FORMS).flat(), ...CARRIED.map(row => ({ ...row, accepted: row.wire }))].filter(
  row => row.accepted !== undefined,
)

/** A predictor that takes every row, each as a member, and gives back what it got. */
function writePredictor() {
  const declared = new Set(ROWS.flatMap(({ declare }) => declare ?? []))
  const members = ROWS.map(({ type }, index) => `  row${index}?: ${type}`)
  return [
    "import { BasePredictor } from 'incant'",
    ...declared,
    'interface Rows {',
    ...members,
    '}',
    'export default class Predictor extends BasePredictor {',
    '  predict(rows: Rows) { return Object.keys(rows) }',
    '}',
  ].join('\n')
}

export async function check(browser) {
  // Beside the packages, so that the file finds them.
  const folder = mkdtempSync(fileURLToPath(new URL('../predictors/rows-', import.meta.url)))
  const file = join(folder, 'rows.ts')
  writeFileSync(file, writePredictor())
  // Enums are among the rows.
  writeFileSync(join(folder, 'tsconfig.json'), '{}')
  try {
    await withServer(file, {}, ({ url }) => checkRows(browser, url))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function checkRows(browser, url) {
  const { page, said, close } = await openPage(browser, url, { timezoneId: 'Asia/Tokyo' })
  for (const [index, { type, accepted }] of ROWS.entries()) {
    await page.getByRole('button', { name: 'Reset' }).click()
    await page
      .locator('details.more')
      .first()
      .evaluate(details => details.setAttribute('open', ''))
    try {
      await fill(page, `#/row${index}`, accepted)
    } catch (cause) {
      throw new Error(`${type} could not be filled`, { cause })
    }
    const { status, sent } = await run(page)
    deepStrictEqual(status, 200, `${type}: ${sent}`)
    ok(`row${index}` in JSON.parse(sent), `${type}: ${sent}`)
    await checkBothWays(page, JSON.parse(sent), type)
  }
  deepStrictEqual(said, [])
  await close()
}

/** The JSON view has the value that was sent; written there, the form sends the same. */
async function checkBothWays(page, sent, type) {
  await page.getByRole('tab', { name: 'JSON' }).click()
  const text = await page.getByLabel('The payload as JSON').inputValue()
  deepStrictEqual(JSON.parse(text), sent, type)
  await page.getByLabel('The payload as JSON').fill(`${text} `)
  await page.getByRole('tab', { name: 'Form' }).click()
  const again = await run(page)
  deepStrictEqual([again.status, JSON.parse(again.sent)], [200, sent], type)
}
