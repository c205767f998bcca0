// A Prometheus of its own for one check: Debian's package `prometheus` brings it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../examples/serving.js'

/** How often it scrapes. */
const INTERVAL = '250ms'

/** Time it may take to start, and to have scraped, in milliseconds. */
const PATIENCE = 30_000

/**
 * One value of the answer to a query.
 *
 * @typedef {object} Point
 * @property {Record<string, string>} labels
 * @property {number} value
 */

/**
 * Starts Prometheus on loopback, with its data in a temporary folder, and waits until it has scraped.
 *
 * @param {string | readonly { url: string, ca?: string }[]} target what is scraped: the URL of a server, or those of several
 * with the file of the authority that issued their certificates; their `/metrics` are read
 * @param {{ rules?: readonly string[] }} [options] `rules`: paths of files with rules that it loads
 * @returns {Promise<{ url: string, query(expression: string): Promise<Point[]>, listRules(): Promise<object[]>, stop(): Promise<void> }>}
 * `query` throws where the expression does not parse; `stop` leaves no process and no file behind
 */
export async function startPrometheus(target, { rules = [] } = {}) {
  const targets = typeof target === 'string' ? [{ url: target }] : target
  const folder = mkdtempSync(join(tmpdir(), 'incant-prometheus-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  writeFileSync(join(folder, 'prometheus.yml'), configure(targets, rules))
  const parameters = ['config.file=prometheus.yml', 'storage.tsdb.path=data', `web.listen-address=127.0.0.1:${port}`]
  const child = spawn(
    'prometheus',
    parameters.map(parameter => `--${parameter}`),
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const failure = new Promise((_resolve, reject) => child.once('error', reject))
  failure.catch(() => {})
  const closed = once(child, 'close').catch(() => {})
  let output = ''
  child.stderr.on('data', chunk => {
    output += chunk
  })
  const stop = async () => {
    child.kill('SIGKILL')
    await closed
    rmSync(folder, { recursive: true })
  }
  const query = expression => ask(url, expression)
  try {
    await Promise.race([failure, untilScraped(query, child, targets.length)])
  } catch (error) {
    await stop()
    throw new Error(`Prometheus has not scraped ${targets.map(({ url }) => url).join(', ')}\n${output}`, {
      cause: error,
    })
  }
  return { url, query, listRules: () => listRules(url), stop }
}

/** JSON is YAML too. */
function configure(targets, rules) {
  return JSON.stringify({
    global: { scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: INTERVAL },
    rule_files: rules,
    scrape_configs: targets.map(describeTarget),
  })
}

function describeTarget({ url, ca }, index) {
  const { host, protocol } = new URL(url)
  return {
    job_name: `incant-${index}`,
    scheme: protocol.slice(0, -1),
    ...(ca === undefined ? {} : { tls_config: { ca_file: ca } }),
    static_configs: [{ targets: [host] }],
  }
}

/** The alert rules as they have been evaluated. */
async function listRules(url) {
  const response = await fetch(`${url}/api/v1/rules?type=alert`)
  const { data } = await response.json()
  return data.groups.flatMap(({ rules }) => rules)
}

async function ask(url, expression) {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
  })
  const { status, error, data } = await response.json()
  if (status !== 'success') throw new Error(`${expression}: ${error}`)
  if (data.resultType === 'scalar') return [{ labels: {}, value: Number(data.result[1]) }]
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

async function untilScraped(query, child, count) {
  const end = Date.now() + PATIENCE
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    const [up] = await query('sum(up)').catch(() => [])
    if (up?.value === count) return
    await sleep(100)
  }
  throw new Error(`not within ${PATIENCE / 1000} s`)
}
