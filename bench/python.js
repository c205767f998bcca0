import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs packages from PyPI into a virtual environment, if it has others than those that are asked for.
 *
 * @param {string} folder of the environment; Git ignores every folder `.python` of the bench
 * @param {string} requirements the text of a requirements file
 */
export function installPython(folder, requirements) {
  const installed = join(folder, 'requirements.txt')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === requirements) return
  console.error(`Installing ${requirements.trim().replaceAll('\n', ', ')} …`)
  rmSync(folder, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  const wanted = join(folder, 'wanted.txt')
  writeFileSync(wanted, requirements)
  const words = ['install', '--quiet', '--disable-pip-version-check', '--requirement', wanted]
  execFileSync(join(folder, 'bin/pip'), words, { stdio: 'inherit' })
  renameSync(wanted, installed)
}
