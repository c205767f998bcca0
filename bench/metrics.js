// What it costs to be observed, in CPU microseconds a request of the process with the sockets: metrics, and the access
// log, which goes to a file, every line of it or as many a second as are written by default.
//
//   node bench/metrics.js [rounds]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatRequest, measurePaired, reportCosts } from './paired.js'

const ROUNDS = Number(process.argv[2] ?? 60)
const TEXT = 'hello'
/** What metrics and access log may cost together. */
const TARGETS = { 'both, every line': 5, 'both, by default': 5 }

const VARIANTS = {
  neither: ['off', 'off'],
  metrics: ['on', 'off'],
  'access log': ['off', 'whole'],
  'both, every line': ['on', 'whole'],
  'both, by default': ['on', 'sampled'],
}

const folder = mkdtempSync(join(tmpdir(), 'incant-bench-'))
try {
  const subjects = Object.entries(VARIANTS).map(([name, parameters]) => ({
    name,
    request: formatRequest({ text: TEXT }),
    expected: JSON.stringify({ length: TEXT.length }),
    process: { file: 'metrics/server.js', parameters, output: join(folder, 'log') },
  }))
  reportCosts(await measurePaired(subjects, ROUNDS), TARGETS)
} finally {
  rmSync(folder, { recursive: true })
}
