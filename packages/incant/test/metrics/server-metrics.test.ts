import { expect, it, onTestFinished, vi } from 'vitest'
import type { RecordedApp } from '../../src/metrics/recorder.ts'
import { ServerMetrics } from '../../src/node/metrics/server-metrics.ts'
import { rememberingLogger } from '../node/_served.ts'

/** An application whose predictor runs in this process. */
function inlineApp(load: RecordedApp['load']): RecordedApp {
  const none = { starting: 0, ready: 0, retiring: 0 }
  return {
    ...{ isInline: true, isReady: () => true, load, replicas: () => none, sequences: () => undefined, queue: 8 },
    ...{ model: { name: 'model', version: '1' }, restartFigures: () => {} },
  }
}

it('has no timer where a predictor in this process has no call, and one for calls without a request', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { logger } = rememberingLogger()
  const facts = { certificateExpires: () => undefined, secrets: undefined }
  const options = { metricsAuth: '', logger, ...facts, authTimeout: 1, maxAuthFailures: 1 }
  const metrics = new ServerMetrics(options)
  onTestFinished(() => metrics.close())
  let running = 0
  metrics.recorder.watch(inlineApp(() => ({ running, waiting: 0 })))
  vi.advanceTimersByTime(2000)
  expect(vi.getTimerCount()).toBe(0)
  running = 1
  metrics.recorder.wake()
  vi.advanceTimersByTime(60_000)
  expect(vi.getTimerCount()).toBe(1)
  running = 0
  vi.advanceTimersByTime(2000)
  expect(vi.getTimerCount()).toBe(0)
})
