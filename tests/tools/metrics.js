// The metrics of a server in the hands of other people's tools: `promtool` must have nothing to say about them, and a
// real Prometheus must have scraped what was sent.
//
//   node tests/tools/metrics.js
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { postJSON, withServer } from '../../examples/serving.js'
import { startPrometheus } from './prometheus.js'

const CALLS = 20

/** What Prometheus, which asks for OpenMetrics, must say. */
const EXPECTED = {
  'sum(incant_requests_total{route="/predict",status="200"})': CALLS,
  'incant_requests_total{route="/predict",status="422"}': 1,
  'incant_request_duration_seconds_count{route="/predict"}': CALLS + 1,
  'incant_request_duration_seconds_bucket{route="/predict",le="60.0"}': CALLS + 1,
  incant_predict_duration_seconds_count: CALLS,
  incant_queue_wait_seconds_count: CALLS,
  'incant_replicas{state="ready"}': 2,
  'sum(incant_replica_restarts_total)': 0,
  incant_ready: 1,
  'count(incant_process_resident_memory_bytes > 1e7)': 3,
  incant_build_info: 1,
  'metered_words_total{language="de"}': 2 * CALLS,
  'metered_text_characters_bucket{le="10.0"}': CALLS,
  'max(metered_cached)': 1,
  'max(incant_custom{name="größe",tag="de"})': 9,
  'histogram_quantile(0.99, sum by (le) (incant_request_duration_seconds_bucket{route="/predict"})) > bool 0': 1,
}

process.env.INCANT_WORKERS = '2'
await withServer(new URL('fixtures/metered.js', import.meta.url), async url => {
  for (let call = 0; call < CALLS; call += 1) await postJSON(`${url}/predict`, { text: 'guten Tag' })
  assert.equal((await postJSON(`${url}/predict`, { text: 5 })).status, 422)
  await checkWithPromtool(url)
  const prometheus = await startPrometheus(url)
  try {
    await checkQueries(prometheus.query)
  } finally {
    await prometheus.stop()
  }
})
console.log('metrics: promtool is silent, Prometheus has scraped them')

/** It reads the text format, and has an opinion on names, types and help. */
async function checkWithPromtool(url) {
  const input = await fetch(`${url}/metrics`).then(response => response.text())
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' })
  if (error !== undefined) throw error
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' })
}

async function checkQueries(query) {
  for (const [expression, expected] of Object.entries(EXPECTED)) {
    const found = await until(
      () => query(expression),
      points => points[0]?.value === expected,
    )
    assert.deepEqual([expression, found.map(({ value }) => value)], [expression, [expected]])
  }
}

/** What replicas tell of themselves comes once a second. */
async function until(look, holds) {
  for (let tries = 0; tries < 50; tries += 1) {
    const found = await look()
    if (holds(found)) return found
    await sleep(100)
  }
  return look()
}
