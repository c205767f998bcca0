import { silentLogger } from 'incant'
import { checkModels, modelLogger } from 'incant/internal'
import { formatModelId } from 'incant/internal/signature'
import { type ModelsServer, type ModelToServe, runUntilSignal, serveModels } from 'incant/node'
import { formatModels, logModels, type ModelsAnnouncement } from '../announce/announce-models.ts'
import { describeSignature } from '../announce/describe-signature.ts'
import type { Settings } from '../arguments/settings.ts'
import type { ModelEntry } from '../config/settings-file.ts'
import { displayPath } from '../files/display-path.ts'
import { type PrepareOptions, preparePredictor } from '../load/prepare.ts'
import { tryModel } from '../model-file/try-model.ts'
import { startReloading } from '../reload/reloader.ts'
import { Stopwatch } from '../report/stopwatch.ts'
import { printWarning } from '../report/warning.ts'
import { tuneFrontHeap } from './front-heap.ts'
import { describeServed, isPretty, type ServingLog, throwWithPlace, withLog } from './serve.ts'

/** A model, loaded and checked. */
interface PreparedModel {
  readonly id: string
  readonly entry: ModelEntry
  readonly model: ModelToServe
  readonly warnings: readonly string[]
}

/**
 * `incant serve --validate` of several predictors.
 *
 * @returns The exit code.
 * @throws {StartupError} If one of them could not be served.
 */
export async function validateSeveral(entries: readonly ModelEntry[], settings: Settings): Promise<number> {
  const prepared = await prepareAll(entries, settings, { stopwatch: new Stopwatch() })
  const { app, server, split } = settings
  const signatures = await checkModels(toModels(prepared), { ...app, ...server, split, logger: silentLogger })
  for (const { id, entry, warnings } of prepared) {
    await tryModel({ file: entry.target.file, settings: settings.modelFile })
    for (const warning of warnings) printWarning(warning)
    const signature = signatures.get(id)
    const shown = signature === undefined ? '' : `: ${describeSignature(signature)}`
    console.log(`ok ${id} ${displayPath(entry.target.file)}${shown}`)
  }
  return 0
}

/**
 * `incant serve` of several predictors, until a signal ends it.
 *
 * @returns The exit code.
 * @throws {StartupError} If one of them cannot be served.
 */
export function serveSeveral(entries: readonly ModelEntry[], settings: Settings): Promise<number> {
  return withLog(settings, log => runServer(entries, settings, log))
}

async function runServer(entries: readonly ModelEntry[], settings: Settings, log: ServingLog): Promise<number> {
  const { logger, stopwatch, progress } = log
  const warn = (message: string): void => logger.log('warn', message)
  const prepared = await prepareAll(entries, settings, { stopwatch, warn })
  for (const { id, warnings } of prepared) for (const warning of warnings) modelLogger(logger, id).log('warn', warning)
  const { app, server: ofServer, split } = settings
  const server = await stopwatch.time('listening', () =>
    serveModels(toModels(prepared), { ...app, ...ofServer, split, logger }),
  )
  const ended = runUntilSignal(server).catch(failure => throwWithPlace(failure, {}))
  // What keeps the server from getting ready is the end's to report.
  stopwatch
    .time('setup and warm-up', () => server.ready)
    .finally(() => progress.stop())
    .then(
      () => {
        tuneFrontHeap(settings.server)
        announce(server, prepared, { log, settings })
      },
      () => {},
    )
  const reloads = prepared.map(({ id, entry }) => ({
    reload: () => reload(server, entry, settings),
    logger: modelLogger(logger, id),
    watched: settings.watch ? [entry.target.file] : [],
  }))
  return ended.finally(startReloading(...reloads))
}

/** One after the other: each starts a compiler, and all of them together would need the memory of all. */
async function prepareAll(
  entries: readonly ModelEntry[],
  settings: Settings,
  options: PrepareOptions,
): Promise<readonly PreparedModel[]> {
  const prepared: PreparedModel[] = []
  for (const entry of entries) prepared.push(await prepareModel(entry, settings, options))
  return prepared
}

async function prepareModel(entry: ModelEntry, settings: Settings, options: PrepareOptions): Promise<PreparedModel> {
  const { target, className, config, modelPath, env, options: own } = entry
  const told = { ...settings, className, config, modelPath }
  const { predictor, warnings, ...loaded } = await preparePredictor(target.file, told, options)
  const served = describeServed(loaded, target, told)
  const model: ModelToServe = { ...own, ...served, predictor, ...(env === undefined ? {} : { env }) }
  return { id: formatModelId(target.model), entry, model, warnings }
}

function toModels(prepared: readonly PreparedModel[]): Readonly<Record<string, ModelToServe>> {
  return Object.fromEntries(prepared.map(({ id, model }) => [id, model]))
}

/** Reads code and types of one model anew and serves them in place of what is served; the others notice nothing. */
async function reload(server: ModelsServer, entry: ModelEntry, settings: Settings): Promise<void> {
  await server.ready
  const id = formatModelId(entry.target.model)
  const logger = modelLogger(server.logger, id)
  const warn = (message: string): void => logger.log('warn', message)
  const { model, warnings } = await prepareModel(entry, settings, { stopwatch: new Stopwatch(), afresh: true, warn })
  for (const warning of warnings) warn(warning)
  const { predictor, config, modelInfo, source } = model
  await server.replace(id, predictor, { config, modelInfo, source })
}

/** Beside JSON lines nothing else goes to standard output, so that it stays one. */
function announce(
  server: ModelsServer,
  prepared: readonly PreparedModel[],
  { log: { streams, stopwatch }, settings }: { readonly log: ServingLog; readonly settings: Settings },
): void {
  const models = prepared.flatMap(({ id, entry }) => {
    const signature = server.models.get(id)?.signature
    return signature === undefined ? [] : [{ id, file: displayPath(entry.target.file), signature }]
  })
  const announcement: ModelsAnnouncement = { url: server.url, pageUrl: server.pageUrl, models, tls: server.settings }
  if (isPretty(server)) streams.stdout(`${formatModels(announcement)}\n`)
  else logModels(server.logger, announcement)
  if (settings.debug) streams.stderr(`incant: ${stopwatch.describe()}\n`)
}
