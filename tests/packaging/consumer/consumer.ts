// Compiled in an empty project against the installed tarballs, with skipLibCheck off: each declaration file that an
// entry leads to must compile by itself.
import { type AppOptions, createApp, HTTPException, type PredictSignature, type Problem, StartupError } from 'incant'
import { serve } from 'incant/node'
import * as testing from 'incant/testing'
import Predictor from './predictor.ts'

export const options: AppOptions = { maxBodySize: '1MiB', requestTimeout: 500 }
export const app = createApp(Predictor, options)
export const signature: PredictSignature = app.signature
export const titleOf = (problem: Problem): string => problem.title
export { HTTPException, StartupError, serve, testing }
