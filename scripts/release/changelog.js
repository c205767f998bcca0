import { readFileSync, writeFileSync } from 'node:fs'

/**
 * The changes that a version has, or those that wait for the next one.
 *
 * @param {string} file
 * @param {string} heading `Unreleased`, or a version
 * @returns {string | undefined}
 */
export function readChanges(file, heading) {
  const sections = readFileSync(file, 'utf8').split(/^## /m).slice(1)
  const section = sections.find(text => text.startsWith(`[${heading}]`))
  const text = section?.slice(section.indexOf('\n')).trim()
  return text === '' ? undefined : text
}

/**
 * Gives what is unreleased to a version of today.
 *
 * @param {string} file
 * @param {string} version
 */
export function nameChanges(file, version) {
  const text = readFileSync(file, 'utf8')
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(file, text.replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${date}\n`))
}
