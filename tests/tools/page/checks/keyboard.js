import { deepStrictEqual, ok } from 'node:assert/strict'
import { openPage, predictor, withServer } from '../open.js'

export const name = 'does all of it with the keyboard alone: fill, run, mistakes, the tabs of the answer, stop'

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    await reach(page, element => element.labels?.[0]?.textContent.startsWith('text'))
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    await press(page, /^Run/)
    await page.locator('.badge', { hasText: '422' }).waitFor()
    await page.waitForFunction(() => document.activeElement.closest('[data-pointer]')?.dataset.pointer === '#/text')
    await page.keyboard.type('Guten Abend')
    await page.keyboard.press('Control+Enter')
    await page.locator('.badge', { hasText: '200' }).waitFor()
    await reach(page, element => element.getAttribute('role') === 'tab' && element.textContent === 'View')
    await page.keyboard.press('ArrowRight')
    await page.locator('pre.raw').waitFor()
    ok((await page.locator('pre.raw').textContent()).includes('"language"'))
    await close()
  })
  await withServer(predictor('words'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    await press(page, /^Run/)
    await page.locator('.badge.streaming').waitFor()
    await press(page, /^Stop/)
    await page.locator('.badge.stopped').waitFor()
    await close()
  })
}

/** Moves the focus with Tab to a button, and presses it. */
async function press(page, label) {
  await reach(
    page,
    (element, text) => element.tagName === 'BUTTON' && new RegExp(text).test(element.textContent),
    label.source,
  )
  await page.keyboard.press('Enter')
}

/** Moves the focus with Tab until it is on what is wanted; each stop on the way shows where it is. */
async function reach(page, isWanted, argument) {
  const test = `(${isWanted})(document.activeElement, ${JSON.stringify(argument)})`
  for (let steps = 0; steps < 80; steps += 1) {
    if (await page.evaluate(test)) return
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)
    const isPage = await page.evaluate(() => document.activeElement === document.body)
    if (!isPage) deepStrictEqual(outline !== 'none', true, 'the focus is not seen')
  }
  throw new Error(`the keyboard does not reach ${isWanted}`)
}
