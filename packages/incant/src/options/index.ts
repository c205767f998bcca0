// What can be set, and how it is read. Small to load, since a command line is read before every start.

export type { Duration, Size } from '../units/quantities.ts'
export { formatDuration, formatSize } from '../units/quantities.ts'
export { APP_OPTIONS, type AppSettings } from './app-options.ts'
export type { OptionDefinition, OptionTable } from './definition.ts'
export { MODEL_OPTIONS, type ModelSettings } from './model-options.ts'
export { describeExpectation, readOption } from './read.ts'
export { SERVER_OPTIONS, type ServerSettings } from './server-options.ts'
