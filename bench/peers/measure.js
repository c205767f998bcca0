import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { attempt } from './attempt.js'
import { makeFolder } from './folder.js'
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
  const folder = makeFolder()
  const subjects = {}
  try {
    for (const [name, server] of Object.entries(servers)) {
      await attempt(name, async () => {
        subjects[name] = await start(server, row, join(folder, name))
        await subjects[name].measure(warmUp)
      })
    }
    return await measureInTurn(subjects, rounds, milliseconds)
  } finally {
    await Promise.all(Object.values(subjects).map(subject => subject.stop()))
  }
}

function start(server, row, folder) {
  mkdirSync(folder)
  return server.open?.(row) ?? Subject.start(server, row, folder)
}

async function measureInTurn(subjects, rounds, milliseconds) {
  const figures = Object.fromEntries(Object.keys(subjects).map(name => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    const names = Object.keys(figures)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const taken = await attempt(name, () => subjects[name].measure(milliseconds))
      if (taken === undefined) delete figures[name]
      else figures[name].push(taken)
    }
  }
  return figures
}
