// Servers of the models in predictors/, started as a person starts them, until the work is done.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../examples/serving.js'

const INCANT = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))
/** The chat alone asks for a key. The others are models of one server. */
const MODELS = {
  CHAT_URL: ['chat'],
  MODELS_URL: ['completions', 'embeddings', 'images', 'moderations', 'official', 'rerank', 'transcriptions'],
}
const READY = 60_000

/** The one key that the chat model takes. */
export const API_KEY = 'sk-incant-0123456789abcdef'

/** @param {(env: Record<string, string>) => Promise<void>} work gets the addresses, by their variables */
export async function withServers(work) {
  const servers = await Promise.all(Object.entries(MODELS).map(([variable, names]) => start(variable, names)))
  try {
    await Promise.all(servers.map(waitUntilReady))
    await work({ API_KEY, ...Object.fromEntries(servers.map(({ variable, url }) => [variable, url])) })
  } catch (error) {
    for (const { variable, output } of servers) console.error(`${variable}:\n${output.join('')}`)
    throw error
  } finally {
    await Promise.all(servers.map(stop))
  }
}

async function start(variable, names) {
  const files = names.map(name => fileURLToPath(new URL(`predictors/${name}.ts`, import.meta.url)))
  const port = await findFreePort()
  const options = ['--port', String(port), '--workers', '1', '--drain-delay', '0s', '--log-format', 'json']
  const child = spawn(process.execPath, [INCANT, 'serve', ...files, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => output.push(chunk.toString()))
  return { variable, child, output, url: `http://127.0.0.1:${port}`, closed: once(child, 'close') }
}

async function stop({ child, closed }) {
  if (child.exitCode === null) child.kill('SIGTERM')
  await closed
}

async function waitUntilReady({ child, variable, url }) {
  for (const end = Date.now() + READY; Date.now() < end; await sleep(50)) {
    if (child.exitCode !== null)
      throw new Error(`The server of ${variable} ended with ${child.exitCode} before it was ready.`)
    const response = await fetch(`${url}/ready`).catch(() => undefined)
    await response?.arrayBuffer()
    if (response?.ok) return
  }
  throw new Error(`The server of ${variable} was not ready within ${READY / 1000} s.`)
}
