// A thread of Node: its own globals, its own event loop.
import { parentPort, workerData } from 'node:worker_threads'
import { runScenario } from './scenario.js'

parentPort.postMessage(await runScenario(workerData.url, workerData.token))
