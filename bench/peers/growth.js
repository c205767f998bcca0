import { BareLoop } from './mlp/bare-loop.js'
import { bytes, classification, numbers, rows } from './rows.js'
import { servers } from './servers.js'
import { incant } from './starting/node.js'

/** How many numbers make so many KB of JSON. */
const NUMBERS = { 1: 51, 10: 515, 100: 5150, 1000: 51_500, 10000: 514_000 }
const { incant: isolated, inline, 'node-http': nodeHTTP } = servers
const beside = { incant: isolated, inline, 'node-http': nodeHTTP }

/** How the cost of a call grows with one thing after the other. @type {Record<string, import('./rows.js').Row>} */
export const growth = Object.fromEntries([
  ...Object.entries(NUMBERS).flatMap(([size, count]) => [
    grow(`numbers-${size}k`, { title: `${size} KB of JSON, numbers, 8 callers`, ...numbers(count), connections: 8 }),
    grow(`bytes-${size}k`, { title: `${size} KB of bytes, 8 callers`, ...bytes(size * 1000), connections: 8 }),
  ]),
  ...[1, 8, 64, 512, 2000].map(connections =>
    grow(`connections-${connections}`, {
      ...rows.small,
      title: `small JSON, ${connections} callers`,
      connections,
      showsFront: true,
      servers: { incant: roomy('Incant'), inline: roomy('Incant, --workers 0', '0'), 'node-http': nodeHTTP },
    }),
  ),
  grow('workers', {
    ...rows.small,
    title: 'small JSON, 32 callers, several replicas',
    showsFront: true,
    servers: Object.fromEntries([1, 0, 2, 4].map(workers => [`workers-${workers}`, withWorkers(workers)])),
  }),
  grow('fronts', {
    ...rows.small,
    title: 'small JSON, 64 callers, several fronts on one port',
    connections: 64,
    servers: {
      'front-1': { ...withWorkers(2), name: 'one front, two replicas' },
      'front-2': { ...isolated, name: 'two fronts, a replica each', start: incant([], { fronts: 2 }) },
      'inline-1': { ...inline, name: 'one process' },
      'inline-2': { ...inline, name: 'two processes', start: incant(['--workers', '0'], { fronts: 2 }) },
    },
  }),
  grow('batch', {
    title: 'a classifier of 512 numbers, 64 callers, batches of several sizes',
    ...classification('mlp-batched'),
    servers: Object.fromEntries([1, 4, 16, 64].flatMap(size => Object.entries(withBatches(size)))),
  }),
])

function grow(name, row) {
  const { aims, ...rest } = row
  return [`growth-${name}`, { servers: beside, ...rest }]
}

/** So many connections that none is refused. */
function roomy(name, workers = '1') {
  const flags = ['--workers', workers, '--max-connections', '4096', '--queue', '4000']
  return { ...isolated, name, start: incant(flags) }
}

function withWorkers(workers) {
  return { ...isolated, name: `--workers ${workers}`, start: incant(['--workers', String(workers)]) }
}

function withBatches(size) {
  const start = incant([], { variables: { BENCH_BATCH: String(size) } })
  return {
    [`batch-${size}`]: { ...isolated, name: `Incant, batches of ${size}`, start },
    [`bare-${size}`]: {
      ...servers.bare,
      name: `bare loop, batches of ${size}`,
      open: row => BareLoop.start(size, row),
    },
  }
}
