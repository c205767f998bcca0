import type { AppSettings } from './app-options.ts'
import type { ServerSettings } from './server-options.ts'

/**
 * The settings that each model of a server can have for itself. All others belong to what the models share: sockets,
 * certificates, the log, the metrics.
 */
export const MODEL_OPTIONS = [
  'protocols',
  'modelAliases',
  'workers',
  'concurrency',
  'queue',
  'workerEnv',
  'workerExecArgv',
  'maxRequests',
  'maxMemory',
  'maxHeap',
  'hangTimeout',
  'requestTimeout',
  'setupTimeout',
  'healthTimeout',
  'healthDetails',
  'modelHeader',
  'maxBodySize',
  'maxJsonDepth',
  'maxJsonMembers',
  'maxJsonItems',
  'strictJson',
  'maxFormParts',
  'maxFormFields',
  'maxPartHeaderSize',
] as const

/** The settings of one model among several. What is left out is as the server has it. */
export type ModelSettings = Pick<AppSettings & ServerSettings, (typeof MODEL_OPTIONS)[number]>
