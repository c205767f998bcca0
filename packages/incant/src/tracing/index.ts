export type { HeaderReader } from '../http/request-source.ts'
export { openTelemetry } from './open-telemetry.ts'
export type { CallTrace, RequestTrace, Step, StepName, TraceCarrier, TracedRequest, Tracing } from './tracing.ts'
