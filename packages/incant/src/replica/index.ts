export { type LoadModule, runReplica } from './run-replica.ts'
