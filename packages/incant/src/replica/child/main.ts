import { runReplica } from './run-replica.ts'

// The main module of replicas whose predictor is JavaScript.
runReplica(url => import(url))
