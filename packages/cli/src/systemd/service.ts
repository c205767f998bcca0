import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { StartupError } from 'incant/internal/signature'
import { type Installed, readInstalled } from './installed.ts'
import { planService } from './plan-service.ts'
import type { ServiceState, Systemctl } from './systemctl.ts'
import { serviceUnit, unitName } from './unit.ts'

/** A server of this machine. */
export interface LocalServer {
  readonly name: string
  readonly service: ServiceState
  readonly installed: Installed
}

/**
 * A server by its name.
 *
 * @throws {StartupError} `systemd_failed` where there is none.
 */
export async function getLocalServer(systemctl: Systemctl, name: string): Promise<LocalServer> {
  const service = await systemctl.stateOf(`${unitName(name)}.service`)
  if (service !== undefined)
    return { name, service, installed: readInstalled(name, readFileSync(service.path, 'utf8')) }
  throw new StartupError({
    code: 'systemd_failed',
    found: `there is no server ${name} on this machine`,
    instead: 'To see those that are there, write: incant server list --local',
  })
}

/** Writes the service of a server. systemd reads it with the next `daemon-reload`. */
export function writeService({ name, service }: LocalServer, installed: Installed): void {
  const text = serviceUnit(planService(name, installed.current), installed)
  change(service.path, () => writeFileSync(service.path, text))
}

/** Removes the files of a server. */
export function removeService({ service }: LocalServer): void {
  for (const path of [service.path, service.path.replace(/\.service$/, '.socket')])
    change(path, () => rmSync(path, { force: true }))
}

function change(path: string, write: () => void): void {
  try {
    write()
  } catch (cause) {
    throw new StartupError({
      code: 'permission_denied',
      found: `${path} cannot be changed`,
      instead: 'Run it as root.',
      cause,
    })
  }
}
