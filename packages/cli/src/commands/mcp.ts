import { createApp } from 'incant'
import { captureOutput } from 'incant/internal'
import { createLogger } from 'incant/node'
import type { Settings } from '../arguments/settings.ts'
import type { Target } from '../arguments/target.ts'
import { preparePredictor } from '../load/prepare.ts'
import { StdioServer } from '../mcp/stdio-server.ts'
import { rememberStreams } from '../report/standard-streams.ts'
import { Stopwatch } from '../report/stopwatch.ts'
import { describeServed } from './serve.ts'

/**
 * `incant mcp`: a predictor file as a tool over standard input and output, for assistants that start programs. It runs in
 * this process until the input ends. Its one caller is the person who started it, so nobody authenticates.
 *
 * @returns The exit code.
 * @throws {StartupError} If the predictor cannot be a tool.
 */
export async function serveTool(target: Target, settings: Settings): Promise<number> {
  const streams = rememberStreams()
  const { logFormat, logLevel } = settings.server
  const logger = createLogger({ format: logFormat, level: logLevel, stream: { write: streams.stderr } })
  // Standard output is for messages: all else that is written goes to the log.
  const capture = captureOutput(logger, { everything: true })
  try {
    const { predictor, warnings, ...prepared } = await preparePredictor(target.file, settings, {
      stopwatch: new Stopwatch(),
    })
    for (const warning of warnings) logger.log('warn', warning)
    const { source: _, ...served } = describeServed(prepared, target, settings)
    const options = { ...settings.app, ...served, protocols: ['mcp'], logger, isOwn: true }
    const app = createApp(predictor, options)
    try {
      await app.ready
      await new StdioServer({ fetch: request => app.fetch(request), write: streams.stdout }).run(process.stdin)
    } finally {
      await app.close()
    }
    return 0
  } finally {
    capture.release()
  }
}
