import { linkSync, mkdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A lock this old has no owner any more, even if another process has its number now. */
const OLDEST = 15 * 60_000

/**
 * Does work that no other process may do at the same time in the same checkout. The others wait, then find nothing left
 * to do.
 *
 * @param {string} root the checkout
 * @param {() => void | Promise<void>} work
 */
export async function withLock(root, work) {
  const path = join(root, '.tmp', 'setup.lock')
  mkdirSync(join(root, '.tmp'), { recursive: true })
  for (let tries = 0; !tryLock(path); tries += 1) {
    if (isAbandoned(path)) rmSync(path, { force: true })
    else if (tries === 20) console.error('Waiting for another setup of this checkout …')
    await sleep(100)
  }
  try {
    await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** A link appears with its content or not at all: nobody ever reads a lock without an owner. */
function tryLock(path) {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}

function isAbandoned(path) {
  try {
    return Date.now() - statSync(path).mtimeMs > OLDEST || !isAlive(Number(readFileSync(path, 'utf8')))
  } catch {
    return false // released in this moment
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
