import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'

/** One call of kubectl: its words, and what it read. */
export interface KubectlCall {
  readonly words: readonly string[]
  readonly input: string
}

/** How a call is answered: by the first entry whose text is in its words. */
export interface KubectlAnswer {
  readonly to: string
  readonly stdout?: unknown
  readonly stderr?: string
  readonly code?: number
  /** How often; then the next entry with the same text counts. @default always */
  readonly times?: number
}

// Node itself, so that a test needs no shell. Calls are kept in a file, since each is a process.
const PROGRAM = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs')
const words = process.argv.slice(2)
const input = words.includes('-') ? readFileSync(0, 'utf8') : ''
const log = __dirname + '/calls'
appendFileSync(log, JSON.stringify({ words, input }) + '\\n')
const line = words.join(' ')
const calls = readFileSync(log, 'utf8').trim().split('\\n').map(text => JSON.parse(text).words.join(' '))
let before = 0
const answer = JSON.parse(readFileSync(__dirname + '/answers', 'utf8')).find(({ to, times = Infinity }) => {
  if (!line.includes(to)) return false
  const nth = calls.filter(call => call.includes(to)).length - before
  before += times
  return nth <= times
}) ?? { code: 9, stderr: 'no answer to ' + line }
const { stdout = '', stderr = '', code = 0 } = answer
process.stdout.write(typeof stdout === 'string' ? stdout : JSON.stringify(stdout))
process.stderr.write(stderr)
process.exitCode = code
`

/** A folder with a `kubectl` that answers as it is said to; it comes first on the PATH. */
export function fakeKubectl(answers: readonly KubectlAnswer[]): {
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  calls(): readonly KubectlCall[]
} {
  const folder = temporaryFolder({ kubectl: PROGRAM, answers: JSON.stringify(answers), calls: '' })
  chmodSync(join(folder, 'kubectl'), 0o755)
  const read = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
  return {
    folder,
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    calls: () => read().flatMap(line => (line === '' ? [] : [JSON.parse(line)])),
  }
}
