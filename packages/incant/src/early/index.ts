// What starts the first process of a predictor before anything else is loaded: small, for that reason.

export type { EarlyReplica } from '../replica/early-replica.ts'
export { type StartEarlyOptions, startEarly } from '../replica/start-early.ts'
