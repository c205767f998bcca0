import { dirname } from 'node:path'
import { type Logger, type PredictSignature, StartupError, silentLogger } from 'incant'
import { captureOutput, checkServer, type OutputCapture, resolveSignature } from 'incant/internal'
import type { EarlyReplica } from 'incant/internal/early'
import { identifyModel } from 'incant/internal/signature'
import {
  createLogger,
  type PredictorServer,
  type PredictorSource,
  type ReplaceOptions,
  runUntilSignal,
  serve,
} from 'incant/node'
import { type Announcement, formatAnnouncement, logAnnouncement } from '../announce/announce.ts'
import { describeSignature } from '../announce/describe-signature.ts'
import type { Settings } from '../arguments/settings.ts'
import type { Target } from '../arguments/target.ts'
import { displayPath } from '../files/display-path.ts'
import { type Prepared, preparePredictor } from '../load/prepare.ts'
import { REPLICA } from '../load/replica-main.ts'
import { toModule } from '../model-file/module.ts'
import { tryModel } from '../model-file/try-model.ts'
import { startReloading } from '../reload/reloader.ts'
import { Progress } from '../report/progress.ts'
import { rememberStreams, type StandardStreams } from '../report/standard-streams.ts'
import { Stopwatch } from '../report/stopwatch.ts'
import { locateThrown } from '../report/thrown.ts'
import { printWarning } from '../report/warning.ts'
import { hasColors } from '../terminal/colors.ts'
import { tuneFrontHeap } from './front-heap.ts'

/**
 * `incant serve --validate`: the check of a predictor, without its server.
 *
 * @returns The exit code.
 * @throws {StartupError} If the predictor could not be served.
 */
export async function validatePredictor(target: Target, settings: Settings): Promise<number> {
  const { file, signatureFile } = target
  const prepared = await preparePredictor(file, settings, { stopwatch: new Stopwatch(), signatureFile })
  const served = describeServed(prepared, target, settings)
  await checkServer(prepared.predictor, { ...settings.app, ...settings.server, ...served, logger: silentLogger })
  await tryModel({ file, settings: settings.modelFile })
  return reportValid(prepared, target)
}

/**
 * `incant serve`: a predictor file as a server, until a signal ends it.
 *
 * @param early - The first of the processes that run the predictor, where one is started.
 * @returns The exit code.
 * @throws {StartupError} If the predictor cannot be served.
 */
export async function servePredictor(
  target: Target,
  settings: Settings,
  early: EarlyReplica | undefined,
): Promise<number> {
  return withLog(settings, log => runServer({ ...log, target, settings, early }))
}

/** Runs a server whose log takes all that is written to the standard streams. */
export async function withLog(settings: Settings, run: (log: ServingLog) => Promise<number>): Promise<number> {
  const stopwatch = new Stopwatch()
  const streams = rememberStreams()
  const isTerminal = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb'
  const progress = new Progress(stopwatch, { isTerminal, write: streams.stderr })
  const plain = createLogger({
    format: settings.server.logFormat,
    level: settings.server.logLevel,
    colors: hasColors(process.stdout),
  })
  const logger = progress.under(plain)
  const capture = logOutput(logger, settings)
  try {
    return await run({ logger, streams, stopwatch, progress })
  } finally {
    progress.stop()
    capture.release()
  }
}

/** The log of a server while it starts and runs. */
export interface ServingLog {
  readonly logger: Logger
  readonly streams: StandardStreams
  readonly stopwatch: Stopwatch
  readonly progress: Progress
}

interface Serving extends ServingLog {
  readonly target: Target
  readonly settings: Settings
  readonly early: EarlyReplica | undefined
}

async function runServer(serving: Serving): Promise<number> {
  const { target, settings, logger, stopwatch } = serving
  const warn = (message: string): void => logger.log('warn', message)
  const { file, signatureFile } = target
  const prepared = await preparePredictor(file, settings, { stopwatch, warn, signatureFile })
  const server = await stopwatch.time('listening', () => start(prepared, serving))
  const ended = runUntilSignal(server).catch(failure => throwWithPlace(failure, server.signature))
  // What keeps the server from getting ready is the end's to report.
  stopwatch
    .time('setup and warm-up', () => server.ready)
    .finally(() => serving.progress.stop())
    .then(
      () => {
        tuneFrontHeap(settings.server)
        announce(server, serving)
      },
      () => {},
    )
  const stopReloading = startReloading({
    reload: () => reload(server, target, settings),
    logger,
    watched: settings.watch ? [target.file] : [],
  })
  return ended.finally(stopReloading)
}

/** Output of a predictor is logged, also while its module loads: standard output may be lines of JSON. */
function logOutput(logger: Logger, { server }: Settings): OutputCapture {
  // Processes that run the predictor load the module, too, and say the same once more.
  const quiet: Logger = { log: (_level, message, fields) => logger.log('debug', message, fields) }
  return captureOutput(server.workers === 0 ? logger : quiet, { everything: true })
}

/** Reads code and types anew and serves them in place of what is served. */
async function reload(server: PredictorServer, target: Target, settings: Settings): Promise<void> {
  await server.ready
  const warn = (message: string): void => server.logger.log('warn', message)
  const { file, signatureFile } = target
  const options = { stopwatch: new Stopwatch(), afresh: true, warn, signatureFile }
  const { predictor, warnings, ...prepared } = await preparePredictor(file, settings, options)
  for (const warning of warnings) server.logger.log('warn', warning)
  await server.replace(predictor, describeServed(prepared, target, settings))
}

/** An error of setup is shown where it was thrown, or at the class if that is unknown. */
export function throwWithPlace(failure: unknown, { location }: Pick<PredictSignature, 'location'>): never {
  if (!StartupError.is(failure) || location === undefined || failure.location !== undefined) throw failure
  if (locateThrown(failure.cause) !== undefined) throw failure
  const { code, found, instead, cause } = failure
  throw new StartupError({ code, found, location, cause, ...(instead === undefined ? {} : { instead }) })
}

function reportValid({ predictor, signature, warnings }: Prepared, { file }: Target): number {
  for (const warning of warnings) printWarning(warning)
  // As a server does it: what decorators say is shown, and refused where it cannot be.
  const resolved = resolveSignature(predictor, signature)
  console.log(`ok ${displayPath(file)}: ${describeSignature(resolved.signature)}`)
  return 0
}

function start(prepared: Prepared, { target, settings, early, logger }: Serving): Promise<PredictorServer> {
  const { predictor, warnings, ...served } = prepared
  for (const warning of warnings) logger.log('warn', warning)
  const { source, ...described } = describeServed(served, target, settings)
  const options = { ...settings.app, ...settings.server, ...described, source: { ...source, early }, logger }
  return serve(predictor, options)
}

/** The parts besides the class that may change when the code does. */
export function describeServed(
  { exportName, config }: Omit<Prepared, 'predictor' | 'warnings'>,
  { file, model, modelInfo }: Target,
  { modelFile }: Pick<Settings, 'modelFile'>,
): ReplaceOptions & { readonly source: PredictorSource } {
  const source = { module: toModule(file, modelFile), exportName, main: REPLICA }
  const named = model === undefined ? {} : { name: model.name, ...(model.version && { version: model.version }) }
  return { config, modelInfo: { ...named, path: dirname(file), ...modelInfo }, source }
}

/** Beside JSON lines nothing else goes to standard output, so that it stays one. */
function announce(server: PredictorServer, { target, settings, streams, stopwatch }: Serving): void {
  const { url, pageUrl, signature, settings: tls } = server
  const file = displayPath(target.file)
  const announcement: Announcement = { url, pageUrl, signature, file, ...describeModel(target), tls }
  if (isPretty(server)) streams.stdout(`${formatAnnouncement(announcement)}\n`)
  else logAnnouncement(server.logger, announcement)
  if (settings.debug) streams.stderr(`incant: ${stopwatch.describe()}\n`)
}

function describeModel({ model, modelInfo }: Target): Pick<Announcement, 'model' | 'digest' | 'others'> {
  const { digest, others = {} } = modelInfo ?? {}
  return { model, digest, others: Object.values(others).map(identifyModel) }
}

/** Whether the log is for a person to read. */
export function isPretty({ settings: { logFormat } }: Pick<PredictorServer, 'settings'>): boolean {
  return logFormat === 'pretty' || (logFormat === 'auto' && process.stdout.isTTY === true)
}
