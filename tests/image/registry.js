// Debian's docker-registry on a free port of this machine, behind a proxy that counts what is sent to it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../examples/serving.js'

/**
 * @param {string} folder gets the images
 * @returns {Promise<{ host: string, sent: () => number, stop: () => Promise<void> }>} `sent` counts from the last time it was asked
 */
export async function startRegistry(folder) {
  mkdirSync(folder)
  const port = await findFreePort()
  const config = join(folder, 'config.yml')
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: join(folder, 'data') } },
      http: { addr: `127.0.0.1:${port}` },
    }),
  )
  const program = spawn('docker-registry', ['serve', config], { stdio: 'ignore' })
  let bytes = 0
  const proxy = createServer(caller => {
    const registry = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [caller, registry],
      [registry, caller],
    ])
      one.on('error', () => other.destroy()).pipe(other)
    caller.on('data', chunk => {
      bytes += chunk.length
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const host = `127.0.0.1:${proxy.address().port}`
  // Not through the proxy: fetch tries again and again where a connection is made and then closed.
  while (program.exitCode === null && !(await answers(`http://127.0.0.1:${port}/v2/`))) await sleep(50)
  if (program.exitCode !== null) throw new Error(`docker-registry ended with ${program.exitCode}`)
  return {
    host,
    sent: () => {
      const counted = bytes
      bytes = 0
      return counted
    },
    stop: async () => {
      proxy.close()
      program.kill()
      await once(program, 'exit')
    },
  }
}

async function answers(url) {
  const response = await fetch(url).catch(() => undefined)
  await response?.body?.cancel()
  return response?.ok === true
}
