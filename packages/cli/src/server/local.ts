import { setTimeout as sleep } from 'node:timers/promises'
import { StartupError } from 'incant/internal/signature'
import type { FlagValues } from '../arguments/parse.ts'
import type { Installation, Installed } from '../systemd/installed.ts'
import { planService, resolveEnvironmentFile, resolveTarget } from '../systemd/plan-service.ts'
import { getLocalServer, type LocalServer, removeService, writeService } from '../systemd/service.ts'
import type { Systemctl } from '../systemd/systemctl.ts'
import { unitName } from '../systemd/unit.ts'
import { table } from '../terminal/table.ts'
import { printable } from '../terminal/text.ts'
import { call } from './call.ts'
import { addressOf, type LocalState, localStateOf } from './local-state.ts'
import { readPayload, readToken } from './payload.ts'

/** One call of an action about a server of this machine, read. */
export interface LocalCall {
  readonly name: string
  /** The words after the name. */
  readonly target: readonly string[]
  readonly flags: FlagValues
  /** What follows `--`. */
  readonly settings: readonly string[]
  readonly systemctl: Systemctl
  readonly report: (line: string) => void
  readonly print: (text: string) => void
}

/** What an action does. The result is the exit code. */
export type LocalAction = (call: LocalCall) => Promise<number>

/** `incant server list --local`. */
export async function list({ flags, systemctl, print }: LocalCall): Promise<number> {
  const units = await systemctl.namesOf('incant-*.service')
  const servers = await Promise.all(units.map(unit => getLocalServer(systemctl, unit.slice('incant-'.length))))
  const rows = await Promise.all(
    servers.map(async server => ({
      name: server.name,
      state: await localStateOf(server),
      address: urlOf(server),
      target: server.installed.current.target.join(' '),
    })),
  )
  const cells = rows.map(({ name, state, address, target }) => [name, state, address, target])
  if (flags.has('json')) print(toJSON(rows))
  else print(rows.length === 0 ? 'no servers' : table([['NAME', 'STATE', 'ADDRESS', 'PREDICTOR'], ...cells]))
  return 0
}

/** `incant server status --local`. */
export async function status({ name, flags, systemctl, print }: LocalCall): Promise<number> {
  const server = await getLocalServer(systemctl, name)
  const state = await localStateOf(server)
  const { restarts, exitCode } = server.service
  const end = state === 'crashing' || state === 'failed' ? `, exit code ${exitCode}` : ''
  if (flags.has('json')) print(toJSON({ name, state, restarts, exitCode }))
  else print(`${name} is ${state}${end}; restarts after a crash: ${restarts}`)
  return state === 'ready' ? 0 : 1
}

/** `incant server describe --local`. */
export async function describe(action: LocalCall): Promise<number> {
  const { name, flags, systemctl, print } = action
  const server = await getLocalServer(systemctl, name)
  const { current } = server.installed
  if (flags.has('json')) {
    print(
      toJSON({
        name,
        ...current,
        state: await localStateOf(server),
        address: urlOf(server),
        unit: server.service.path,
      }),
    )
    return 0
  }
  print(`${commandOf(name, current)}\n\naddress  ${urlOf(server)}\nservice  ${server.service.path}\n`)
  await status(action)
  return 0
}

function commandOf(name: string, { target, listen, environmentFile, settings }: Installation): string {
  const file = environmentFile === undefined ? [] : ['--env-file', environmentFile]
  const after = settings.length === 0 ? [] : ['--', ...settings]
  return ['incant install', name, ...target, '--listen', listen, ...file, ...after].join(' ')
}

/** `incant server logs --local`. */
export async function logs({ name, flags, systemctl }: LocalCall): Promise<number> {
  await getLocalServer(systemctl, name)
  const lines = flags.get('tail')?.at(-1) ?? '100'
  return systemctl.showLog(`${unitName(name)}.service`, [
    '--lines',
    lines,
    ...(flags.has('follow') ? ['--follow'] : []),
  ])
}

/** `incant server start --local`. */
export async function start(action: LocalCall): Promise<number> {
  const { name, systemctl } = action
  await getLocalServer(systemctl, name)
  await systemctl.run('start', `${unitName(name)}.socket`, `${unitName(name)}.service`)
  await waitUntilReady(action)
  action.report(`${name} is ready`)
  return 0
}

/** `incant server stop --local`: the socket first, which would start the service again. */
export async function stop({ name, systemctl, report }: LocalCall): Promise<number> {
  await getLocalServer(systemctl, name)
  await systemctl.run('stop', `${unitName(name)}.socket`, `${unitName(name)}.service`)
  report(`${name} is stopped; to start it: incant server start ${name} --local`)
  return 0
}

/** `incant server update --local`. */
export async function update(action: LocalCall): Promise<number> {
  const { name, target, flags, settings } = action
  const given: Partial<Installation> = {
    ...(target.length === 0 ? {} : { target: resolveTarget(target) }),
    ...resolveEnvironmentFile(flags.get('envFile')?.at(-1)),
    ...(settings.length === 0 ? {} : { settings }),
  }
  if (Object.keys(given).length === 0)
    throw new StartupError({
      code: 'missing_argument',
      found: 'nothing is to change',
      instead: `Say what: incant server update ${name} BUNDLE --local, or -- and settings`,
    })
  const server = await getLocalServer(action.systemctl, name)
  return bring(action, server, {
    current: { ...server.installed.current, ...given },
    previous: server.installed.current,
  })
}

/** `incant server rollback --local`. */
export async function rollback(action: LocalCall): Promise<number> {
  const server = await getLocalServer(action.systemctl, action.name)
  const { current, previous } = server.installed
  if (previous !== undefined) return bring(action, server, { current: previous, previous: current })
  throw new StartupError({
    code: 'systemd_failed',
    found: `${action.name} has no version before this one`,
    instead: `Name what to run: incant server update ${action.name} BUNDLE --local`,
  })
}

/** Restarts a server as another installation, and as the one before where that does not become ready. Calls wait meanwhile. */
async function bring(action: LocalCall, server: LocalServer, next: Installed): Promise<number> {
  const { name, systemctl, report } = action
  planService(name, next.current)
  const isStopped = (await localStateOf(server)) === 'stopped'
  const restart = async (installed: Installed) => {
    writeService(server, installed)
    await systemctl.run('daemon-reload')
    if (!isStopped) await systemctl.run('restart', `${unitName(name)}.service`)
    if (!isStopped) await waitUntilReady(action)
  }
  try {
    await restart(next)
  } catch (error) {
    report(`${name} is put back`)
    await restart(server.installed)
    throw error
  }
  report(isStopped ? `${name} is changed, and stopped` : `${name} is ready`)
  return 0
}

/** How often a server is asked, in milliseconds. */
const INTERVAL = 200

/**
 * Waits until a server takes calls.
 *
 * @throws {StartupError} `rollout_failed` where it crashes, with its last words.
 */
async function waitUntilReady({ name, systemctl }: LocalCall): Promise<void> {
  for (;;) {
    const server = await getLocalServer(systemctl, name)
    const state = await localStateOf(server)
    if (state === 'ready') return
    // systemd counts from the last start by hand, and starts it once more each second.
    const hasCrashed = server.service.restarts > 0
    if (state !== 'starting' || hasCrashed) throw await toFailure(systemctl, name, hasCrashed ? 'crashing' : state)
    await sleep(INTERVAL)
  }
}

async function toFailure(systemctl: Systemctl, name: string, state: LocalState): Promise<StartupError> {
  const words = await systemctl.lastWords(`${unitName(name)}.service`)
  const lines = words
    .trimEnd()
    .split('\n')
    .map(line => `  ${printable(line)}`)
  return new StartupError({
    code: 'rollout_failed',
    found: [`${name} does not become ready: it is ${state}`, 'its last words:', ...lines].join('\n'),
    instead: 'Repair what they say, and update again. Where there was a version before, that one serves.',
  })
}

/** `incant server rm --local`. */
export async function rm({ name, flags, systemctl, report }: LocalCall): Promise<number> {
  const server = await getLocalServer(systemctl, name)
  if ((await localStateOf(server)) !== 'stopped' && !flags.has('force'))
    throw new StartupError({
      code: 'invalid_option',
      found: `${name} runs`,
      instead: `Stop it first: incant server stop ${name} --local; or add --force.`,
    })
  await systemctl.run('disable', '--now', `${unitName(name)}.socket`, `${unitName(name)}.service`)
  removeService(server)
  await systemctl.run('daemon-reload')
  report(`${name} is removed`)
  return 0
}

/** `incant server predict --local`. */
export async function predict(action: LocalCall): Promise<number> {
  const { name, flags, systemctl } = action
  const body = await readPayload(flags)
  const headers = { 'content-type': flags.get('contentType')?.at(-1) ?? 'application/json', ...readToken(flags) }
  const path = flags.get('path')?.at(-1) ?? '/predict'
  const answer = await call({
    ...addressOf(await getLocalServer(systemctl, name)),
    method: 'POST',
    path,
    headers,
    body,
  })
  process.stdout.write(answer.body)
  if (answer.status < 400) return 0
  action.report(`the answer is a ${answer.status}`)
  return 1
}

/** `incant server healthcheck --local`. */
export async function healthcheck({ name, systemctl, print }: LocalCall): Promise<number> {
  const server = await getLocalServer(systemctl, name)
  const answer = await call({ ...addressOf(server), method: 'GET', path: '/health' })
  print(Buffer.from(answer.body).toString())
  return answer.status === 200 ? 0 : 1
}

function urlOf(server: LocalServer): string {
  const { tls } = addressOf(server)
  return `${tls ? 'https' : 'http'}://${server.installed.current.listen}`
}

function toJSON(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
