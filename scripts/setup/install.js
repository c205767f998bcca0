import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.js'

/**
 * Installs the dependencies when what is installed is not what the lock file names.
 *
 * @param {string} folder one with a package-lock.json
 * @param {NodeJS.ProcessEnv} [extraEnvironment] for the install scripts
 */
export function installWhenStale(folder, extraEnvironment = {}) {
  if (isInstalled(folder)) return
  console.error(`Installing dependencies of ${folder} (npm ci) …`)
  runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], folder, extraEnvironment)
}

/**
 * Whether the record that npm keeps of an install, written when it is complete, agrees with the lock file. What other
 * machines need is in the lock file only, as optional.
 */
function isInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'))
  const installed = readPackages(join(folder, 'node_modules', '.package-lock.json'))
  if (wanted === undefined || installed === undefined) return false
  delete wanted[''] // the folder itself
  const missing = Object.keys(wanted).filter(path => !(path in installed))
  return (
    missing.every(path => wanted[path].optional || !path.includes('node_modules/')) &&
    Object.keys(installed).every(path => wanted[path] !== undefined && isSame(wanted[path], installed[path]))
  )
}

function isSame(one, other) {
  return one.version === other.version && one.integrity === other.integrity
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
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
