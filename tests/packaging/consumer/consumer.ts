// Compiled in an empty project against the installed tarballs, with skipLibCheck off: each declaration file that an
// entry leads to must compile by itself.
import { type AppOptions, createApp, HTTPException, type PredictSignature, type Problem, StartupError } from 'incant'
import { type AuthStrategy, auth, bearerAuth, tokenFile } from 'incant/auth'
import { ModelClient, type Prediction } from 'incant/client'
import { counter, type MetricOptions, type promClient, sendMetric } from 'incant/metrics'
import { serve } from 'incant/node'
import * as testing from 'incant/testing'
import { openTelemetry } from 'incant/tracing'
import Predictor from './predictor.ts'

export const options: AppOptions = { maxBodySize: '1MiB', requestTimeout: 500 }
export const app = createApp(Predictor, options)
export const traced = createApp(Predictor, { tracing: openTelemetry() })
export const signature: PredictSignature = app.signature
export const titleOf = (problem: Problem): string => problem.title
export const strategy: AuthStrategy = {
  name: 'own',
  reads: 'headers',
  challenge: { scheme: 'Own' },
  authenticate: headers => (headers.has('x-own') ? { id: 'own' } : { refused: 'missing' }),
}

@auth(strategy)
@bearerAuth({ tokens: tokenFile('tokens.json') })
export class Protected extends Predictor {}

export const model = new ModelClient<typeof Protected>('http://127.0.0.1:8000', { auth: { bearer: 'token' } })
export const words = ({ words }: Prediction<typeof Protected>): number => words
export const metricOptions: MetricOptions<'language'> = { labels: ['language'] }
export const language: promClient.Counter<'language'> = counter('words_total', metricOptions)
sendMetric('confidence', 0.9)

export { HTTPException, StartupError, serve, testing }
