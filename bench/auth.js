// What each way to authenticate costs, in CPU microseconds a request over none:
//
//   node bench/auth.js [rounds] [name of a variant ...]
import { devNull } from 'node:os'
import { variants } from './auth/variants.js'
import { formatRequest, measurePaired, reportCosts } from './paired.js'

const ROUNDS = Number(process.argv[2] ?? 60)
const ONLY = process.argv.slice(3)
/** What a bearer token may cost. */
const TARGETS = { bearer: 4 }
const TEXT = 'hello'

const chosen = Object.entries(variants).filter(([name]) => ONLY.length === 0 || ['no auth', ...ONLY].includes(name))
const subjects = chosen.map(([name, { headers, body }]) => ({
  name,
  request: formatRequest({ text: TEXT, ...body }, headers),
  expected: JSON.stringify({ length: TEXT.length }),
  process: { file: 'auth/server.js', parameters: [name], output: devNull },
}))
reportCosts(await measurePaired(subjects, ROUNDS), TARGETS)
