// What a check of the page works with: a real server, and a real browser that sees it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findFreePort } from '../../../examples/serving.js'

/** The command under test. */
export const COMMAND = fileURLToPath(new URL('../../../packages/cli/bin/incant.js', import.meta.url))

/** The path of a predictor of these checks. */
export const predictor = name => fileURLToPath(new URL(`predictors/${name}.ts`, import.meta.url))

/**
 * Serves a file while something is done.
 *
 * @param {string} file a predictor
 * @param {{ words?: string[], env?: Record<string, string> }} options more words of the command, more variables
 * @param {(server: { url: string, port: number, log: () => string, pid: number }) => Promise<T>} work
 * @template T
 */
export async function withServer(file, { words = [], env = {}, port: asked }, work) {
  const port = asked ?? (await findFreePort())
  const flags = ['--port', String(port), '--log-format', 'json', '--drain-delay', '0', '--grace-period', '1s']
  const child = spawn(process.execPath, [COMMAND, 'serve', file, ...flags, ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      log += text
    })
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(url, () => {
      if (child.exitCode !== null) throw new Error(`The server has ended:\n${log}`)
    })
    return await work({ url, port, log: () => log, pid: child.pid })
  } finally {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    await ended
  }
}

async function untilReady(url, check) {
  for (;;) {
    check()
    const answer = await fetch(`${url}/ready`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(50)
  }
}

/** Does something with a browser in which evil.example leads to this machine. */
export async function withBrowser(work) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--host-resolver-rules=MAP evil.example 127.0.0.1'],
      ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    ],
  })
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}

/**
 * Opens the page, and notes every request and every word of the console.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {boolean} isOurs whether to wait until the page is drawn
 */
export async function openPage(browser, url, options = {}, isOurs = true) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const requests = []
  const said = []
  page.on('request', request => requests.push(`${request.method()} ${request.url()}`))
  page.on('console', message => said.push(message.text()))
  page.on('pageerror', error => said.push(error.message))
  await page.goto(url)
  if (isOurs) await page.locator('.actions, .notice').first().waitFor()
  return { page, context, requests, said, close: () => context.close() }
}

/** Presses Run, and gives back status and body of the answer. */
export async function run(page) {
  const [response] = await Promise.all([
    page.waitForResponse(answer => /predict$/.test(answer.url()) && answer.request().method() === 'POST'),
    page.getByRole('button', { name: /^Run/ }).click(),
  ])
  await page.getByRole('button', { name: /^Run/ }).waitFor()
  const request = response.request()
  return { status: response.status(), sent: request.postData(), headers: await request.allHeaders(), response }
}

/** The field of a pointer. */
export const field = (page, pointer) => page.locator(`[data-pointer=${JSON.stringify(pointer)}]`).first()
