import { createHmac, timingSafeEqual } from 'node:crypto'
import { BasePredictor, type PredictContext } from 'incant'
import { type AuthStrategy, auth } from 'incant/auth'

/** Seconds that a signature is good for. */
const LIFETIME = 300

/**
 * Callers sign the time with a key they share with us: `Authorization: Signed <name> <seconds> <HMAC-SHA-256>`. The key
 * itself never travels.
 */
export const signedTime: AuthStrategy = {
  name: 'signedTime',
  reads: 'headers',
  challenge: { scheme: 'Signed', parameters: { realm: 'predict' } },
  security: { type: 'http', scheme: 'signed' },
  guessable: false,
  authenticate(headers) {
    const header = headers.get('authorization') ?? ''
    if (!/^signed /i.test(header)) return { refused: 'missing' }
    const [, name, seconds, signature] = /^signed +([\w-]+) (\d+) ([0-9a-f]{64})$/i.exec(header) ?? []
    if (name === undefined || seconds === undefined || signature === undefined) return { refused: 'malformed' }
    const inTime = Math.abs(Date.now() / 1000 - Number(seconds)) <= LIFETIME
    const signed = timingSafeEqual(sign(name, seconds), Buffer.from(signature, 'hex'))
    return inTime && signed ? { id: name, scopes: ['predict'] } : { refused: 'invalid' }
  },
  open() {
    if (sharedKey().length < 32) throw new Error('SHARED_KEY needs at least 32 characters.')
  },
}

function sharedKey(): string {
  return process.env['SHARED_KEY'] ?? ''
}

function sign(name: string, seconds: string): Buffer {
  return createHmac('sha256', sharedKey()).update(`${name} ${seconds}`).digest()
}

@auth(signedTime)
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }, { principal }: PredictContext) {
    return { length: payload.text.length, caller: principal?.id }
  }
}
