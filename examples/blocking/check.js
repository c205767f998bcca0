// Keeps a predictor busy, and asks after its server's health meanwhile: node examples/blocking/check.js
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { postJSON, withServer } from '../serving.js'

/** Long enough for many probes; no probe may come anywhere near it. */
const BLOCKED = 2000

let slowest = 0

await withServer(new URL('predictor.ts', import.meta.url), async url => {
  const probe = async path => {
    const startedAt = performance.now()
    const response = await fetch(`${url}${path}`)
    await response.arrayBuffer()
    assert.equal(response.status, 200, path)
    slowest = Math.max(slowest, performance.now() - startedAt)
  }
  let isBusy = true
  const working = postJSON(`${url}/predict`, { milliseconds: BLOCKED }).finally(() => {
    isBusy = false
  })
  let probes = 0
  for (; isBusy; probes += 1) {
    await Promise.all(['/livez', '/ready', '/health'].map(probe))
    await sleep(20)
  }
  const { status, body } = await working
  assert.equal(status, 200)
  assert.ok(body.steps > 0)
  assert.ok(probes >= 3 && slowest < BLOCKED / 2, `${probes} probes, the slowest took ${slowest} ms`)
})

console.log(`blocking: health answered within ${Math.ceil(slowest)} ms while predict held its thread for ${BLOCKED} ms`)
