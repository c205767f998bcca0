import { deepStrictEqual, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPage, predictor, withServer } from '../open.js'

export const name = 'shows the rate, the replicas and their restarts; asks for nothing while it is hidden or closed'

export async function check(browser) {
  await withServer(predictor('passage'), {}, async ({ url, pid }) => {
    const { page, requests, said, close } = await openPage(browser, url)
    const load = sendSteadily(url)
    try {
      await page.getByText('Live', { exact: true }).click()
      await sleep(9000)
      const shown = Number(await figure(page, 'Requests a second').locator('.value').textContent())
      const sent = load.rate()
      // What the load came to on a busy machine, and not what was wanted of it.
      ok(Math.abs(shown - sent) <= Math.max(3, sent * 0.25), `${shown} requests a second, and ${sent} were sent`)
      ok((await page.locator('.tables').textContent()).includes('replica 0'))
    } finally {
      await load.stop()
    }
    const [replica] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
    process.kill(replica, 'SIGKILL')
    await page.getByText('restarts: 1').waitFor()
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

/** Twenty calls a second, and how many there were in the last seconds. */
function sendSteadily(url) {
  const times = []
  const running = new Set()
  const timer = setInterval(() => {
    const call = fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"text":"a"}',
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
