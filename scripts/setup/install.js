import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.js'

/**
 * Installs the dependencies when there are none, or when the lock file is another one than at the last install.
 *
 * @param {string} folder one with a package-lock.json
 * @param {NodeJS.ProcessEnv} [extraEnvironment] for the install scripts
 */
export function installWhenStale(folder, extraEnvironment = {}) {
  const wanted = fingerprint(folder)
  const note = join(folder, 'node_modules', '.incant-installed')
  if (readNote(note) === wanted) return
  console.error(`Installing dependencies of ${folder} (npm ci) …`)
  runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], folder, extraEnvironment)
  writeFileSync(note, wanted)
}

/** Installed packages differ by lock file and by machine: a checkout may be mounted into a container of another kind. */
function fingerprint(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch}\n`
}

function readNote(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Runs the npm that runs this script, if one does; else the one on the path. */
function runNpm(parameters, cwd, extraEnvironment) {
  const options = {
    cwd,
    env: { ...process.env, ...extraEnvironment },
    hint: 'If the registry was not reachable, try again.',
  }
  const script = process.env.npm_execpath
  if (script?.endsWith('.js')) run(process.execPath, [script, ...parameters], options)
  else run('npm', parameters, { ...options, shell: process.platform === 'win32' })
}
