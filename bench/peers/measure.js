import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Subject } from './subject.js'

/**
 * Measures servers with one row. They run side by side and are loaded in turn, A B C … C B A, so that what else the machine
 * does meets them alike.
 *
 * @param {import('./rows.js').Row} row
 * @param {Record<string, import('./servers.js').Server>} servers
 * @param {{ rounds: number, milliseconds: number, warmUp: number }} plan
 * @returns {Promise<Record<string, import('./subject.js').Figures[]>>} the rounds of each server
 */
export async function measureRow(row, servers, { rounds, milliseconds, warmUp }) {
  const folder = mkdtempSync(join(tmpdir(), 'incant-bench-'))
  const subjects = {}
  try {
    for (const [name, server] of Object.entries(servers)) {
      mkdirSync(join(folder, name))
      subjects[name] = await Subject.start(server, row, join(folder, name))
    }
    for (const [name, subject] of Object.entries(subjects)) await measure(name, subject, warmUp)
    return await measureInTurn(subjects, rounds, milliseconds)
  } finally {
    await Promise.all(Object.values(subjects).map(subject => subject.stop()))
    rmSync(folder, { recursive: true })
  }
}

async function measureInTurn(subjects, rounds, milliseconds) {
  const names = Object.keys(subjects)
  const figures = Object.fromEntries(names.map(name => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed())
      figures[name].push(await measure(name, subjects[name], milliseconds))
  }
  return figures
}

async function measure(name, subject, milliseconds) {
  try {
    return await subject.measure(milliseconds)
  } catch (error) {
    throw new Error(`The load on ${name} failed.`, { cause: error })
  }
}
