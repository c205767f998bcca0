import { expect, onTestFinished, test } from 'vitest'
import { serve } from '../../src/node/serve.ts'
import { serveModels } from '../../src/node/serve-models.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { rememberingLogger } from '../node/_served.ts'
import { NAMING, serveFace } from './_served-face.ts'
import { TEST_FACE } from './_test-face.ts'

class Late extends BasePredictor {
  static open: () => void = () => {}
  static readonly opened = new Promise<void>(resolve => {
    Late.open = resolve
  })

  override setup(): Promise<void> {
    return Late.opened
  }

  predict(): string {
    return 'done'
  }
}

class Quick extends BasePredictor {
  predict(): string {
    return 'done'
  }
}

const OPTIONS = { port: 0, logger: rememberingLogger().logger, faces: [TEST_FACE], gracePeriod: 0 }

const readyAt = async (url: string) => (await fetch(`${url}/t1/ready`)).json()

test('a face knows whether the server and its models would take a call', async () => {
  const { url } = await serveFace(Quick)
  expect(await readyAt(url)).toEqual({ server: true, models: [true] })
})

test('neither would while the server starts and when it drains', async () => {
  const server = await serve(Late, { ...OPTIONS, signature: NAMING })
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  expect(await readyAt(server.url)).toEqual({ server: false, models: [false] })
  Late.open()
  await server.ready
  expect(await readyAt(server.url)).toEqual({ server: true, models: [true] })
  server.drain()
  expect(await readyAt(server.url)).toEqual({ server: false, models: [false] })
})

test('of several models each has its own readiness, and the server is ready while all are up and one takes calls', async () => {
  const plan = { signature: NAMING }
  const server = await serveModels({ one: { predictor: Quick, ...plan }, two: { predictor: Quick, ...plan } }, OPTIONS)
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  expect(await readyAt(server.url)).toEqual({ server: true, models: [true, true] })
  server.drain()
  expect(await readyAt(server.url)).toEqual({ server: false, models: [false, false] })
})
