/** The oldest Node that Incant runs on, as `engines` of package.json has it. */
const OLDEST = [20, 19]

/**
 * What is wrong with a version of Node. Undefined: nothing.
 *
 * @param {string} version as `process.versions.node` has it
 * @returns {string | undefined}
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined
  return `This is Node ${version}; Incant needs Node ${OLDEST.join('.')} or newer. Install one, then run the command again.`
}
