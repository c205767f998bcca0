export { type LoadModule, runReplica } from './child/run-replica.ts'
