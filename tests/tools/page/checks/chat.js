import { deepStrictEqual, match, ok } from 'node:assert/strict'
import { openPage, predictor, withServer } from '../open.js'

export const name = 'has samples for the protocols that a document names, and a chat where it names chat completions'

const PATHS = ['/v1/chat/completions', '/mcp', '/v2/models/{name}/infer']

/** The document of a server, as one with these protocols would have it. */
async function addProtocols(route) {
  const response = await route.fetch()
  const document = await response.json()
  for (const path of PATHS) document.paths[path] = { post: { responses: {} } }
  await route.fulfill({ response, json: document })
}

const event = content => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url }) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const asked = []
    await page.route('**/openapi.json', addProtocols)
    await page.route('**/v1/chat/completions', route => {
      asked.push(route.request().postDataJSON())
      const body = `${event('Good ')}${event('day <b>to</b> you')}data: [DONE]\n\n`
      return route.fulfill({ contentType: 'text/event-stream', body })
    })
    await page.goto(url)
    for (const [tab, pattern] of [
      ['OpenAI', new RegExp(`base_url="${url}/v1"`)],
      ['MCP', new RegExp(`"url": "${url}/mcp"`)],
      ['V2', /\/v2\/models\/Predictor\/infer/],
    ]) {
      await page.getByRole('tab', { name: tab }).click()
      match(await page.locator('.code pre').textContent(), pattern)
    }
    await page.getByRole('tab', { name: 'Chat' }).click()
    await page.getByLabel('Your message').fill('Hello')
    await page.keyboard.press('Enter')
    await page.getByText('Good day <b>to</b> you').waitFor()
    await page.getByLabel('Your message').fill('And you?')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.messages .assistant').nth(1).waitFor()
    deepStrictEqual(asked[0], { model: 'Predictor', messages: [{ role: 'user', content: 'Hello' }], stream: true })
    deepStrictEqual(
      asked[1].messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    )
    ok((await page.locator('.messages b').count()) === 0)
    await context.close()
  })
  await withServer(predictor('passage'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    deepStrictEqual(await page.getByRole('tab', { name: /Chat|OpenAI|MCP|V2/ }).count(), 0)
    await close()
  })
}
