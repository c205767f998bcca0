import { StartupError } from '../errors/startup-error.ts'

type Version = readonly [major: number, minor: number, patch: number]

const OLDEST: Version = [20, 19, 0]
/** The first releases of each line in which the parser drops no header lines (CVE-2026-58044). */
const SOUND: readonly Version[] = [
  [22, 23, 2],
  [24, 18, 1],
]

/**
 * Refuses a Node that cannot run this, and returns a warning about one that should not.
 *
 * @throws {StartupError} `unsupported_runtime`.
 */
export function checkRuntime(text: string = process.versions.node): string | undefined {
  const version = parseVersion(text)
  if (isBefore(version, OLDEST)) {
    throw new StartupError({
      code: 'unsupported_runtime',
      found: `this is Node ${text}, and the oldest that works is ${OLDEST.join('.')}`,
      instead: 'Install Node 24.18.1 or newer.',
    })
  }
  if (isSound(version)) return undefined
  return `Node ${text} drops header lines past about 1021 (CVE-2026-58044): use 22.23.2, 24.18.1 or newer`
}

function isSound(version: Version): boolean {
  const sameLine = SOUND.find(([major]) => major === version[0])
  return sameLine === undefined ? version[0] > 24 : !isBefore(version, sameLine)
}

function parseVersion(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(part => Number.parseInt(part, 10))
  return [major, minor, patch]
}

function isBefore(one: Version, other: Version): boolean {
  const index = one.findIndex((part, position) => part !== other[position])
  return index !== -1 && (one[index] ?? 0) < (other[index] ?? 0)
}
