import { deepStrictEqual, match, ok } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { openPage, predictor, withServer } from '../open.js'
import { examine } from './accessibility.js'

export const name = 'has samples for the protocols that a server speaks, and a chat where it speaks chat completions'

export async function check(browser) {
  await withServer(predictor('talks'), {}, async ({ url }) => {
    const { page, said, close } = await openPage(browser, url)
    deepStrictEqual(await face(page), ['OpenAI'])
    const code = await sample(page, 'OpenAI')
    ok(code.includes(`${url}/v1`), code)
    deepStrictEqual(runSample(code), 'I heard 1: Hello <b>.')
    await converse(page)
    deepStrictEqual(said, [])
    await close()
  })
  await withServer(predictor('passage'), { words: ['--protocol', 'mcp'] }, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    deepStrictEqual(await face(page), ['MCP'])
    const { mcpServers } = JSON.parse(await sample(page, 'MCP'))
    deepStrictEqual(await listTools(mcpServers.incant.url), ['passage'])
    await close()
  })
  await withServer(predictor('tensors'), { words: ['--protocol', 'v2'] }, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    deepStrictEqual(await face(page), ['V2'])
    const { status, stdout, stderr } = spawnSync('bash', ['-c', await sample(page, 'V2')], { encoding: 'utf8' })
    deepStrictEqual(status, 0, stderr)
    const outputs = JSON.parse(stdout).outputs?.map(({ name, data }) => [name, data])
    deepStrictEqual(
      outputs,
      [
        ['shape', [1, 3]],
        ['sum', [0]],
        ['said', ['text true']],
      ],
      stdout,
    )
    await close()
  })
  await withServer(predictor('passage'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    deepStrictEqual(await face(page), [])
    await close()
  })
}

/** The protocols that the page has samples for. */
async function face(page) {
  await page.locator('.code pre').waitFor()
  return (await page.getByRole('tab').allTextContents()).filter(text => ['OpenAI', 'MCP', 'V2'].includes(text))
}

async function sample(page, tab) {
  await page.getByRole('tab', { name: tab }).click()
  return page.locator('.code pre').textContent()
}

/** In this folder's reach, where npm's package `openai` is. */
function runSample(code) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    cwd: new URL('.', import.meta.url),
  })
  deepStrictEqual(status, 0, stderr)
  return stdout.trim()
}

/** Two turns of a conversation, the first one sent with the keyboard. */
async function converse(page) {
  await page.getByRole('tab', { name: 'Chat' }).click()
  await page.getByLabel('Your message').fill('Good day')
  await page.keyboard.press('Enter')
  await page.getByText('I heard 1: Good day <b>.').waitFor()
  await page.getByLabel('Your message').fill('and night')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('I heard 2: Good day and and night <b>.').waitFor()
  deepStrictEqual(await page.locator('.messages b').count(), 0)
  await examine(page, 'a chat')
  await page.getByRole('button', { name: 'New' }).click()
  await page.getByText('Say something to the model.').waitFor()
}

async function listTools(url) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  })
  const { result } = await response.json()
  match(response.headers.get('content-type'), /json/)
  return result.tools.map(tool => tool.name)
}
