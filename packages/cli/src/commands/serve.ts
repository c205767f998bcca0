import { dirname } from 'node:path'
import { resolveSignature, StartupError } from 'incant'
import { createLogger, type PredictorServer, runUntilSignal, serve } from 'incant/node'
import { type Announcement, formatAnnouncement, logAnnouncement } from '../announce/announce.ts'
import { describeSignature } from '../announce/describe-signature.ts'
import { readModelPath } from '../arguments/model-path.ts'
import type { Settings } from '../arguments/settings.ts'
import type { Target } from '../arguments/target.ts'
import { displayPath } from '../display-path.ts'
import { locateThrown } from '../load/load-error.ts'
import { type Prepared, preparePredictor } from '../load/prepare.ts'
import { Stopwatch } from '../report/stopwatch.ts'
import { printWarning } from '../report/warning.ts'

/**
 * `incant serve`: a predictor file as a server, until a signal ends it; with `--validate` only its check.
 *
 * @returns The exit code.
 * @throws {StartupError} For whatever keeps the predictor from being served.
 */
export async function servePredictor(target: Target, settings: Settings): Promise<number> {
  const stopwatch = new Stopwatch()
  const modelPath = settings.modelPath === undefined ? dirname(target.file) : readModelPath(settings.modelPath)
  const prepared = await preparePredictor(target.file, settings, stopwatch)
  if (settings.validate) return reportValid(prepared, target)
  const server = await stopwatch.time('listening', () =>
    start(prepared, target.file, settings, { ...target.model, path: modelPath }),
  )
  const ended = runUntilSignal(server).catch(failure => throwWithPlace(failure, server))
  // What keeps the server from getting ready is the end's to report.
  server.ready.then(
    () => announce(server, target, settings, stopwatch),
    () => {},
  )
  return ended
}

/** What failed in setup is shown where it was thrown; where that is not known, at the class. */
function throwWithPlace(failure: unknown, { signature: { location } }: PredictorServer): never {
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

/** The main module of the processes that run the predictor. */
const REPLICA = new URL('../replica.js', import.meta.url)

type GivenModel = NonNullable<Parameters<typeof serve>[1]>['modelInfo']

async function start(
  prepared: Prepared,
  file: string,
  settings: Settings,
  modelInfo: GivenModel,
): Promise<PredictorServer> {
  const { predictor, exportName, signature, config, warnings } = prepared
  const source = { module: file, exportName, main: REPLICA }
  const logger = createLogger({ format: settings.server.logFormat, level: settings.server.logLevel })
  for (const warning of warnings) logger.log('warn', warning)
  return serve(predictor, { ...settings.app, ...settings.server, signature, config, modelInfo, source, logger })
}

/** Beside JSON lines nothing else goes to standard output, so that it stays one. */
function announce(server: PredictorServer, target: Target, settings: Settings, stopwatch: Stopwatch): void {
  const {
    url,
    signature,
    settings: { logFormat },
  } = server
  const announcement: Announcement = { url, signature, file: displayPath(target.file), model: target.model }
  const isPretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stdout.isTTY === true)
  if (isPretty) process.stdout.write(`${formatAnnouncement(announcement)}\n`)
  else logAnnouncement(server.logger, announcement)
  if (settings.debug) process.stderr.write(`incant: ${stopwatch.describe()}\n`)
}
