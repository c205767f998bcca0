// @module-tag slow
import { describe, expect, test } from 'vitest'
import { ModelClient } from '../../../src/client/index.ts'
import type { SignatureData } from '../../../src/signature/signature.ts'
import { serveReplicas } from '../../replica/_replicas.ts'

const SIGNATURE: SignatureData = {
  version: 1,
  className: 'Reporting',
  parameters: [
    { name: 'wish', role: 'payload', schema: {} },
    { name: 'context', role: 'context' },
  ],
  returns: [],
  definitions: {},
}

describe.each([0, 1])('what predict reports of a job, with %i replicas', workers => {
  async function serveReporting(): Promise<ModelClient> {
    const { server } = await serveReplicas('reporting.js', { signature: SIGNATURE, protocols: ['jobs'], workers })
    return new ModelClient(server.url)
  }

  test('its object has the lines, the figures and the progress, and nothing of the error that was thrown', async () => {
    const model = await serveReporting()
    const job = await model.wait(await model.submit({ steps: 2 }))
    expect(job).toMatchObject({
      status: 'failed',
      error: 'Internal server error',
      logs: 'begins\nwarn: step {"step":1,"error":"the reason"}\nwarn: step {"step":2,"error":"the reason"}\n',
      metrics: { steps: 2, 'steps.down': -2, predict_time: expect.any(Number) },
      progress: 1,
      output: [{ progress: 0.5 }, { progress: 1 }],
    })
  })

  test('they are seen while it runs, as its output is, and in its events', async () => {
    const model = await serveReporting()
    const job = await model.submit({ steps: 4, hold: true })
    const events = new Map<string, unknown>()
    for await (const { event, data } of model.events(job)) {
      events.set(event, data)
      if (event === 'metric' && data.name === 'steps.down' && data.value === -4) break
    }
    expect([...events.keys()]).toEqual(['start', 'output', 'log', 'metric'])
    // A job whose output is that of the fixture.
    const seen = (await (await fetch(job.urls.get)).json()) as { output: unknown[]; logs: string }
    expect(seen).toMatchObject({ status: 'processing', progress: 1, metrics: { steps: 4 } })
    expect(seen.output).toHaveLength(4)
    expect(seen.logs).toMatch(/^begins\n/)
    await model.cancel(job)
    expect(await model.wait(job)).toMatchObject({ status: 'canceled', output: seen.output, logs: seen.logs })
  })

  test('a log without end is cut where it is long, and says so', async () => {
    const model = await serveReporting()
    const { logs } = await model.wait(await model.submit({ steps: 0, lines: 100 }))
    expect(logs.length).toBeLessThan(66_000)
    expect(logs.slice(-100)).toMatch(/x\nThe log of the job is full. Further lines are in the log of the server.\n$/)
  })
})
