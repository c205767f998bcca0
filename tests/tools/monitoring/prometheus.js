// A real Prometheus that scrapes servers on loopback every second.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { findFreePort } from './servers.js'

/**
 * Starts Prometheus with these rules and targets.
 *
 * @param {{ folder: string, rules: string, targets: readonly { address: string, ca?: string }[] }} options
 */
export async function startPrometheus({ folder, rules, targets }) {
  const address = `127.0.0.1:${await findFreePort()}`
  const file = join(folder, 'prometheus.yml')
  writeFileSync(file, stringify(configure(rules, targets)))
  const options = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ]
  const child = spawn('prometheus', [...options, '--log.level=error'], { stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  while (!(await isReady(address))) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}`)
    await sleep(100)
  }
  return { ask: (path, parameters) => ask(address, path, parameters), stop }
}

/** What the dashboard and the rules need: a job, and the labels that Prometheus adds itself. */
function configure(rules, targets) {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: targets.map(({ address, ca }, index) => ({
      job_name: `incant-${index}`,
      ...(ca === undefined ? {} : { scheme: 'https', tls_config: { ca_file: ca } }),
      static_configs: [{ targets: [address] }],
    })),
  }
}

async function isReady(address) {
  const response = await fetch(`http://${address}/-/ready`).catch(() => undefined)
  await response?.body?.cancel()
  return response?.status === 200
}

/** Asks the HTTP API, as Grafana does; throws where it answers with an error. */
async function ask(address, path, parameters = {}) {
  const response = await fetch(`http://${address}/api/v1/${path}?${new URLSearchParams(parameters)}`)
  const { status, data, error } = await response.json()
  if (status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${error}`)
  return data
}
