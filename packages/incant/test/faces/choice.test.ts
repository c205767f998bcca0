import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { chooseFaces } from '../../src/app/faces/choose-faces.ts'
import { bodyTokenAuth } from '../../src/auth/strategies/body-token.ts'
import type { StartupError } from '../../src/errors/startup-error.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { PredictSignature } from '../../src/signature/signature.ts'
import { recordLog, signatureOf } from '../app/_serving.ts'
import { NAMING } from './_served-face.ts'
import { TEST_FACE } from './_test-face.ts'

const PLAIN = signatureOf({ role: 'payload' })
const RETURNING: PredictSignature = { ...PLAIN, returns: [{ kind: 'json', protocol: 'openai.embedding' }] }
const UNFIT: PredictSignature = {
  ...signatureOf({ role: 'payload', protocol: 'openai.chat' }, { role: 'request' }),
  location: { file: '/models/chat.ts', line: 3, column: 1 },
}

class Plain extends BasePredictor {
  predict(payload: unknown): unknown {
    return payload
  }
}

@bodyTokenAuth({ tokens: ['inc_abcdefghijkl_0123456789'] })
class WithToken extends Plain {}

function choose(signature: PredictSignature, protocols: readonly string[] = []) {
  const { logger, lines } = recordLog()
  const model = { name: 'm', version: undefined, signature }
  const faces = chooseFaces(model, {
    known: [TEST_FACE],
    protocols,
    payloadStrategies: [],
    isOneOfSeveral: false,
    logger,
  })
  return { faces: faces.map(({ protocol }) => protocol), lines }
}

function failureOf(work: () => unknown): Partial<StartupError> {
  try {
    work()
  } catch (thrown) {
    return thrown as StartupError
  }
  return {}
}

describe('the protocols of a model', () => {
  it('are those that its types name', () => {
    expect(choose(NAMING).faces).toEqual(['openai'])
    expect(choose(RETURNING).faces).toEqual(['openai'])
    expect(choose(PLAIN).faces).toEqual([])
  })

  it('are those that are asked for, where some are', () => {
    expect(choose(PLAIN, ['openai']).faces).toEqual(['openai'])
    expect(choose(NAMING, ['none']).faces).toEqual([])
  })

  it('are none that does not exist, and none beside others', () => {
    const instead = 'The protocols are openai, none.'
    const unknown = { code: 'invalid_option', found: 'there is no protocol v2', instead }
    expect(failureOf(() => choose(NAMING, ['v2']))).toMatchObject(unknown)
    const mixed = { code: 'invalid_option', found: '--protocol names none beside others', instead }
    expect(failureOf(() => choose(NAMING, ['openai', 'none']))).toMatchObject(mixed)
  })

  it('must fit where they are asked for, with the place in the file', () => {
    expect(failureOf(() => choose(UNFIT, ['openai']))).toMatchObject({
      code: 'protocol_unfit',
      found: 'the protocol openai does not fit the predictor: predict takes a Request',
      instead: 'Take a payload.',
      location: { file: '/models/chat.ts', line: 3, column: 1 },
    })
  })

  it('that the types name and that do not fit are left out, with a warning', () => {
    const { faces, lines } = choose(UNFIT)
    expect(faces).toEqual([])
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'the types name the protocol openai, which is not served: predict takes a Request. Take a payload.',
      },
    ])
  })

  it('have no place for credentials in the payload of /predict', () => {
    const faces = [TEST_FACE]
    expect(failureOf(() => createApp(WithToken, { signature: NAMING, ...{ faces } }))).toMatchObject({
      code: 'protocol_unfit',
      found:
        '@bodyTokenAuth reads credentials from the payload of /predict, and requests of the protocol openai have no place for them',
    })
    expect(failureOf(() => createApp(WithToken, { signature: PLAIN, ...{ faces } }))).toEqual({})
  })
})
