import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { EngineFactory } from '../../src/app/app-options.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { InlineEngine } from '../../src/engine/inline-engine.ts'
import { chooseEngine } from '../../src/node/choose-engine.ts'
import type { PredictorServer } from '../../src/node/predictor-server.ts'
import { serve } from '../../src/node/serve.ts'
import { readServeOptions, type ServeInternals } from '../../src/node/serve-options.ts'
import type { PredictorClass } from '../../src/predictor/base-predictor.ts'
import type { ProcessEngine } from '../../src/replica/process-engine.ts'
import { eventually, type LoggedLine, rememberingLogger } from '../node/_served.ts'

/** The processes run the package as it is built: `npm test` builds before it runs these. */
export const MAIN: URL = new URL('../../dist/replica-main.js', import.meta.url)

/** A server with processes of its own, and what tests look at. */
export interface ServedReplicas {
  readonly server: PredictorServer
  readonly engine: ProcessEngine
  readonly lines: LoggedLine[]
}

/** Options of the server, and which class of the fixture. */
export interface ReplicaOptions extends ServeInternals {
  readonly exportName?: string
}

/** Serves a fixture from processes until the test is over, without waiting for them. */
export async function startReplicas(
  fixture: string,
  { exportName = 'default', ...options }: ReplicaOptions = {},
): Promise<ServedReplicas> {
  const module = new URL(`./fixtures/${fixture}`, import.meta.url)
  // Fixtures export predictors.
  const predictor = ((await import(module.href)) as Record<string, PredictorClass>)[exportName]
  if (predictor === undefined) throw new Error(`${fixture} does not export ${exportName}`)
  const { logger, lines } = rememberingLogger()
  const made: Engine[] = []
  const engine: EngineFactory = engineOptions => {
    const makeEngine = chooseEngine(readServeOptions(options).settings, { module, exportName, main: MAIN })
    const engine = makeEngine?.(engineOptions) ?? new InlineEngine(engineOptions)
    made.push(engine)
    return engine
  }
  const all: ServeInternals = { port: 0, logger, gracePeriod: 0, engine, ...options }
  const server = await serve(predictor, all)
  onTestFinished(async () => {
    await server.close({ gracePeriod: 0 })
    for (const { load } of made) expect(load).toEqual(NOTHING)
    expect(engineOf(made).replicas ?? []).toEqual([])
  })
  return { server, engine: engineOf(made), lines }
}

/** What `workers: 0` makes has no replicas, and tests of it do not ask for them. */
function engineOf([engine]: readonly Engine[]): ProcessEngine {
  return engine as ProcessEngine
}

/** Nothing runs and nothing waits. */
export const NOTHING = { running: 0, waiting: 0 }

/** The same, once all are ready. */
export async function serveReplicas(fixture: string, options: ReplicaOptions = {}): Promise<ServedReplicas> {
  const served = await startReplicas(fixture, options)
  await served.server.ready
  return served
}

/** Posts a payload to predict, as JSON. */
export function ask({ server }: ServedReplicas, payload: object, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/predict`, { method: 'POST', body: JSON.stringify(payload), ...init })
}

/** Asks predict and gives the status, with the answer read. */
export async function askStatus(served: ServedReplicas, payload: object): Promise<number> {
  const response = await ask(served, payload)
  await response.arrayBuffer()
  return response.status
}

/** Waits until so many replicas take calls. */
export async function untilReady({ engine }: ServedReplicas, count: number, milliseconds = 45_000): Promise<void> {
  const readyPids = () =>
    (engine.describe() as { replicas: { ready: boolean }[] }).replicas.filter(({ ready }) => ready)
  await eventually(() => readyPids().length === count, milliseconds)
}

/** Waits until a replica has printed something. */
export async function untilSaid({ lines }: ServedReplicas, text: string): Promise<void> {
  await eventually(() => lines.some(({ message }) => message === text))
}

/** A call of misbehaving.js that has begun and computes, without ever awaiting, until it is released. */
export async function block(served: ServedReplicas): Promise<{ blocked: Promise<Response>; release: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'incant-blocked-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'release')
  const blocked = ask(served, { fault: 'blockUntil', argument: file, say: 'blocked' })
  await untilSaid(served, 'blocked')
  return { blocked, release: () => writeFileSync(file, '') }
}

/** Whether a process is there, zombies aside. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Processes that this one has, and the pipes to them. */
export function countProcessResources(): Record<string, number> {
  const active = process.getActiveResourcesInfo()
  const count = (kind: string) => active.filter(name => name === kind).length
  return { processes: count('ProcessWrap'), pipes: count('PipeWrap') }
}
