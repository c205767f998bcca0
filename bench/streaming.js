// What streaming costs and whether it stops: examples/char-lm, and the same model with nothing around it, in turn.
//
//   node bench/streaming.js            about a minute
//   node bench/streaming.js --short    seconds; fails on answers that are wrong, says little about speed
import { Agent } from 'node:http'
import { loadavg } from 'node:os'
import { relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installWhenStale } from '../scripts/setup/install.js'
import { Child } from './child.js'
import { alignColumns, saveResults } from './report.js'
import { startServer } from './served.js'
import { percentile } from './statistics.js'
import { openStream, readTimes } from './streaming/reader.js'

const PAYLOAD = { prompt: 'Call me', length: 200, seed: 1 }
const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
// A server that has answered a few calls still runs code that nobody has compiled.
const { warmUp, rounds, departures, stall } = options.short
  ? { warmUp: 3, rounds: 3, departures: 3, stall: 500 }
  : { warmUp: 60, rounds: 60, departures: 20, stall: 3000 }

installWhenStale(fileURLToPath(new URL('../examples/char-lm', import.meta.url)), { ONNXRUNTIME_NODE_INSTALL: 'skip' })
const bare = new Child('The bare generator', { file: 'streaming/bare.js', output: '/dev/null' })
const servers = []
try {
  const replica = await serve('default', ['--workers', '1'])
  const inline = await serve('default', ['--workers', '0'])
  const endless = await serve('Endless', ['--workers', '1'])
  await bare.started
  const load = loadavg()[0]
  const times = await measureTimes({ replica, inline })
  const results = { load, times, stalled: await stallReader(endless), returned: await leaveStreams(replica) }
  report(results)
} finally {
  await Promise.all([bare.stop(), ...servers.map(server => server.stop())])
}

async function serve(className, flags) {
  const server = await startServer('streaming/predictor.ts', ['--class-name', className, ...flags])
  servers.push(server)
  return { url: server.url, agent: new Agent({ keepAlive: true }) }
}

async function measureTimes({ replica, inline }) {
  const times = []
  for (let round = -warmUp; round < rounds; round += 1) {
    const measured = {
      bare: await bare.ask(PAYLOAD),
      replica: await readTimes(replica.url, PAYLOAD, replica.agent),
      inline: await readTimes(inline.url, PAYLOAD, inline.agent),
    }
    if (round >= 0) times.push(measured)
  }
  return times
}

/** Reads nothing, and asks meanwhile how many items were made, until none has been for a while. */
async function stallReader({ url }) {
  const { response } = await openStream(url, null)
  response.pause()
  let { written } = await readHealth(url)
  for (let before = -1; written !== before; { written } = await readHealth(url)) {
    before = written
    await sleep(stall)
  }
  response.destroy()
  return written
}

/** Leaves streams that have begun, and gives how long each of them went on, in milliseconds. */
async function leaveStreams({ url }) {
  const times = []
  for (let count = 0; count < departures; count += 1) {
    const { endedAt: before } = await readHealth(url)
    const { response } = await openStream(url, { ...PAYLOAD, length: 5000 })
    for (let chunks = 0; chunks < 5; chunks += 1) await new Promise(resolve => response.once('data', resolve))
    const leftAt = Date.now()
    response.destroy()
    let health = await readHealth(url)
    while (health.endedAt === before && Date.now() - leftAt < 10_000) health = await readHealth(url)
    if (health.endedAt === before) throw new Error('The generator went on after its reader had left.')
    times.push(Math.max(0, health.endedAt - leftAt))
  }
  return times
}

async function readHealth(url) {
  return (await fetch(`${url}/health`)).json()
}

function report({ load, times, stalled, returned }) {
  const of = (values, part) => percentile(values, part).toFixed(2)
  const row = (name, key) => {
    const firsts = times.map(round => round[key].first)
    const more = times.map(round => round[key].first - round.bare.first)
    const rate = percentile(
      times.map(round => (PAYLOAD.length / round[key].all) * 1000),
      0.5,
    )
    return [name, of(firsts, 0.5), of(more, 0.5), `${of(more, 0.25)}–${of(more, 0.75)}`, rate.toFixed(0)]
  }
  console.log(`examples/char-lm, ${times.length} rounds; milliseconds to the first event, and how much more than bare`)
  console.log(
    alignColumns([
      ['', 'first', 'more', 'quartiles', 'characters/s'],
      row('bare generator', 'bare'),
      row('a process of its own', 'replica'),
      row('in the server', 'inline'),
    ]),
  )
  console.log(`A reader that stalls: after ${stalled} items of 1 KiB none was made for ${stall / 1000} s`)
  console.log(
    `A reader that leaves: the generator ends after ${of(returned, 0.5)} ms (median), ${of(returned, 1)} at most`,
  )
  console.log(`Load of the machine: ${load.toFixed(1)}`)
  if (!options.short)
    console.log(
      `Raw figures: ${relative('.', fileURLToPath(saveResults({ streaming: { load, times, stalled, returned } })))}`,
    )
}
