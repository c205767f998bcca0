// The dashboard and the alert rules in front of a real Prometheus: each query must give data, each rule must evaluate.
//
//   node tests/tools/dashboard.js
//
// It serves predictors itself, with traffic of every kind. Needs prometheus.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { startServers } from './monitoring/servers.js'
import { startPrometheus } from './prometheus.js'

/** Time after which a query without data will have none, in milliseconds. */
const PATIENCE = 90_000

const monitoring = name => fileURLToPath(new URL(`../../packages/incant/monitoring/${name}`, import.meta.url))
const rules = monitoring('alerts.yml')
const queries = [...readDashboard(), ...readSelectors()]

const folder = mkdtempSync(join(tmpdir(), 'incant-monitoring-'))
let servers
let prometheus
try {
  servers = await startServers(folder)
  prometheus = await startPrometheus(servers.targets, { rules: [rules] })
  await awaitData()
  await checkRules()
} finally {
  await prometheus?.stop()
  await servers?.stop()
  rmSync(folder, { recursive: true })
}

/** The queries of every panel, and the one of the variable, with what Grafana puts in. */
function readDashboard() {
  const { panels, templating } = JSON.parse(readFileSync(monitoring('dashboard.json'), 'utf8'))
  const ofPanels = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ name: `${title}: ${legendFormat}`, expr: fillIn(expr) })),
  )
  const ofVariables = templating.list.slice(1).map(({ name, definition }) => {
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(definition)
    return { name: `The variable ${name}`, expr: `count by (${label}) (${metric})` }
  })
  return [...ofPanels, ...ofVariables]
}

function fillIn(expression) {
  const filled = expression
    .replaceAll('$instance', '.*')
    .replaceAll('$model', '.*')
    .replaceAll('$__rate_interval', '10s')
  if (filled.includes('$')) throw new Error(`${expression} has a variable that nobody fills in`)
  return filled
}

/** What the alerts look at: an alert need not fire, and a label that is never there would keep it from ever firing. */
function readSelectors() {
  const { groups } = parse(readFileSync(rules, 'utf8'))
  return groups.flatMap(group =>
    group.rules.flatMap(({ alert, expr }) =>
      (expr.match(/\bincant_\w+(?:\{[^}]*\})?/g) ?? []).map(selector => ({ name: alert, expr: selector })),
    ),
  )
}

/** Makes traffic until every query has data. */
async function awaitData() {
  const end = Date.now() + PATIENCE
  let missing = queries
  await servers.killReplica()
  while (missing.length > 0) {
    if (Date.now() > end)
      throw new Error(`No data for:\n${missing.map(({ name, expr }) => `  ${name}\n    ${expr}`).join('\n')}`)
    await servers.makeTraffic()
    await sleep(500)
    const found = await Promise.all(missing.map(({ expr }) => hasData(expr)))
    missing = missing.filter((_, index) => !found[index])
  }
  console.log(`${queries.length} queries of the dashboard and the alerts have data`)
}

async function hasData(query) {
  const points = await prometheus.query(query)
  return points.some(({ value }) => !Number.isNaN(value))
}

/** The rules as Prometheus has evaluated them. */
async function checkRules() {
  const evaluated = await prometheus.listRules()
  const wrong = evaluated.filter(({ health, lastError }) => health !== 'ok' || lastError !== undefined)
  if (evaluated.length === 0 || wrong.length > 0) {
    throw new Error(
      `Rules that do not evaluate: ${JSON.stringify(wrong.map(({ name, lastError }) => [name, lastError]))}`,
    )
  }
  console.log(`${evaluated.length} rules evaluate`)
}
