#!/usr/bin/env node
// Runs `npm test` again and again while busy loops use the processors: a test that guesses how long something takes fails
// here sooner than in an ordinary run.
//
//   node scripts/test-under-load.js                        ten runs, four loops
//   node scripts/test-under-load.js --runs 3 --loops 8
//   node scripts/test-under-load.js -- npx vitest run packages/incant/test/replica
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '10' }, loops: { type: 'string', default: '4' } },
  allowPositionals: true,
})
const running = new Set()
const [command = 'npm', ...words] = positionals.length === 0 ? ['npm', 'test'] : positionals

/** A process that computes until it is ended, or until its parent, this process, is gone. */
function startLoop() {
  const program = `
    setInterval(() => process.ppid !== ${process.pid} && process.exit(), 1000)
    setInterval(() => { for (const end = Date.now() + 100; Date.now() < end;); })`
  return spawn(process.execPath, ['--eval', program], { stdio: 'ignore' })
}

/** The exit code, and what was written, which is shown only where the run fails. */
async function run() {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const written = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => written.push(chunk))
  const [code] = await once(child, 'close')
  running.delete(child)
  return { code, output: Buffer.concat(written).toString() }
}

const loops = Array.from({ length: Number(values.loops) }, startLoop)
process.once('exit', () => {
  for (const loop of loops) loop.kill('SIGKILL')
  for (const child of running) child.kill('SIGTERM')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

let green = 0
for (let count = 1; count <= Number(values.runs); count += 1) {
  const startedAt = performance.now()
  const { code, output } = await run()
  if (code === 0) green += 1
  else process.stdout.write(output)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(`run ${count}: ${code === 0 ? 'green' : `red (exit code ${code})`}, ${seconds} s`)
}
console.log(`${green} of ${values.runs} runs green while ${loops.length} loops used the processors`)
process.exit(green === Number(values.runs) ? 0 : 1)
