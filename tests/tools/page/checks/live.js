import { deepStrictEqual, ok } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { COMMAND, openPage, predictor, withServer } from '../open.js'

export const name =
  'shows the rate, the latency, the replicas and their restarts; asks for nothing while it is hidden or closed'

export async function check(browser) {
  await withServer(predictor('slow-start'), { words: ['--concurrency', '16'] }, async ({ url, pid }) => {
    const { page, requests, said, close } = await openPage(browser, url)
    const load = sendSteadily(url)
    try {
      await page.getByText('Live', { exact: true }).click()
      await checkRate(page, load)
      await checkHidden(page, requests)
      ok((await page.locator('.tables').textContent()).includes('replica 0'))
      const median = toSeconds(await figure(page, 'Predict, median').locator('.value').textContent())
      const reported = await reportMedian(url)
      ok(bucketOf(median) === bucketOf(reported), `the page shows ${median} s, and incant top ${reported} s`)
    } finally {
      await load.stop()
    }
    const [replica] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
    process.kill(replica, 'SIGKILL')
    await page.getByText('1 starting, restarts: 1').waitFor()
    await page.locator('.hint', { hasText: /^restarts: 1$/ }).waitFor()
    await page.getByText('Live', { exact: true }).click()
    await page.locator('.figures').waitFor({ state: 'detached' })
    const before = requests.length
    await sleep(4500)
    deepStrictEqual(requests.slice(before), [])
    deepStrictEqual(said, [])
    await close()
  })
  await withServer(predictor('passage'), { words: ['--metrics', 'off'] }, async ({ url }) => {
    const { page, requests, close } = await openPage(browser, url)
    await page.getByText('Live', { exact: true }).click()
    await page.getByText('shows no metrics here').waitFor()
    const before = requests.length
    await sleep(4500)
    deepStrictEqual(requests.length, before)
    await close()
  })
}

const figure = (page, name) => page.locator('.figure-box', { hasText: name })

/** The page shows the calls a second that there were, within two: what the load came to on this machine. */
async function checkRate(page, load) {
  const seen = []
  for (let readings = 0; readings < 10 && !seen.some(isNear); readings += 1) {
    await sleep(2000)
    const shown = Number(await figure(page, 'Requests a second').locator('.value').textContent())
    seen.push({ shown, sent: load.rate() })
  }
  ok(seen.some(isNear), JSON.stringify(seen))
}

const isNear = ({ shown, sent }) => Math.abs(shown - sent) <= 2

/** A page that nobody sees asks for nothing, and goes on when it is seen again. */
async function checkHidden(page, requests) {
  const show = isShown =>
    page.evaluate(hidden => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
      document.dispatchEvent(new Event('visibilitychange'))
    }, !isShown)
  await show(false)
  // One that was under way may still come.
  await sleep(500)
  const before = requests.length
  await sleep(4500)
  deepStrictEqual(requests.length, before)
  await Promise.all([page.waitForRequest(/metrics$/), show(true)])
}

/** A stream of 120 ms: the buckets around it are 0.1 and 0.25 seconds. */
const CALL = '{"count":1,"pause":120}'

/** The median of predict in the report of the command. */
async function reportMedian(url) {
  const words = [COMMAND, 'top', url, '--once', '--interval', '4s']
  const { stdout } = await promisify(execFile)(process.execPath, words)
  const median = /^predict\s+([\d.]+ \w+)/m.exec(stdout)?.[1]
  ok(median !== undefined, stdout)
  return toSeconds(median)
}

/** `120 ms` → 0.12 */
function toSeconds(text) {
  const [, number, unit] = /([\d.]+)\s*(s|ms|us|µs)/.exec(text) ?? []
  ok(unit !== undefined, text)
  return Number(number) * { s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6 }[unit]
}

const bucketOf = seconds => [0.05, 0.1, 0.25, 0.5, 1].findIndex(bound => seconds <= bound)

/** Twenty calls a second, and how many there were in the last seconds. */
function sendSteadily(url) {
  const times = []
  const running = new Set()
  const timer = setInterval(() => {
    const call = fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: CALL,
    })
      .then(response => response.text())
      .then(() => times.push(performance.now()))
      .finally(() => running.delete(call))
    running.add(call)
  }, 50)
  return {
    rate: () => times.filter(time => time > performance.now() - 4000).length / 4,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}
