import { StartupError } from 'incant/internal/signature'
import * as v from 'valibot'

/** What a service was installed with. Paths are absolute. */
export interface Installation {
  /** `[MODEL:VERSION] FILE`, or the folder of a bundle in place of the file. */
  readonly target: readonly string[]
  /** HOST:PORT */
  readonly listen: string
  readonly environmentFile?: string | undefined
  /** Settings of the server, as on its command line. */
  readonly settings: readonly string[]
}

/** An installation, and the one before it, which a rollback goes to. */
export interface Installed {
  readonly current: Installation
  readonly previous?: Installation | undefined
}

const INSTALLATION: v.GenericSchema<unknown, Installation> = v.object({
  target: v.array(v.string()),
  listen: v.string(),
  environmentFile: v.optional(v.string()),
  settings: v.array(v.string()),
})

/** Lines of a unit that systemd ignores: sections whose name begins with `X-`. */
export function writeInstalled({ current, previous }: Installed): readonly string[] {
  return [
    '# For incant server --local: how this was installed, and before.',
    '[X-Incant]',
    `Current=${JSON.stringify(current)}`,
    ...(previous === undefined ? [] : [`Previous=${JSON.stringify(previous)}`]),
  ]
}

/**
 * Reads what {@link writeInstalled} wrote into a unit.
 *
 * @throws {StartupError} `systemd_failed` where it is not there or was changed.
 */
export function readInstalled(name: string, unit: string): Installed {
  const read = (key: string) => {
    const [, text] = new RegExp(`^${key}=(.*)$`, 'm').exec(unit.slice(unit.indexOf('[X-Incant]'))) ?? []
    return text === undefined ? undefined : v.parse(INSTALLATION, JSON.parse(text))
  }
  try {
    const [current, previous] = [read('Current'), read('Previous')]
    if (current !== undefined) return { current, previous }
  } catch (cause) {
    return refuseUnit(name, cause)
  }
  return refuseUnit(name)
}

function refuseUnit(name: string, cause?: unknown): never {
  throw new StartupError({
    code: 'systemd_failed',
    found: `the service of ${name} does not say how it was installed`,
    instead: `Install it anew: incant install ${name} BUNDLE`,
    cause,
  })
}
