import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readWebhookSecret } from '../../src/signing/secret.ts'
import { isSigned, signWebhook } from '../../src/signing/signature.ts'

const OLD = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const NEW = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const body = new TextEncoder().encode('{"test": 2432232314}')
const content = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body }

function keyOf(secret: string) {
  const read = readWebhookSecret(secret)
  if ('fault' in read) throw new Error(read.fault)
  return read.key
}

test('the example of the specification has the signature that it gives', async () => {
  expect(await signWebhook(content, [keyOf(OLD)])).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('each key makes a signature, in order, over the bytes of the body', async () => {
  const bytes = Uint8Array.of(0xff, 0x00, 0xfe)
  const byHand = [OLD, NEW].map(secret => {
    const hmac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    return `v1,${hmac.update(`${content.id}.${content.timestamp}.`).update(bytes).digest('base64')}`
  })
  expect(await signWebhook({ ...content, body: bytes }, [keyOf(OLD), keyOf(NEW)])).toBe(byHand.join(' '))
})

test('one signature that fits one key is enough, whatever is beside it', async () => {
  const both = await signWebhook(content, [keyOf(NEW), keyOf(OLD)])
  expect(await isSigned(content, both, [keyOf(OLD)])).toBe(true)
  expect(await isSigned(content, `v1a,AAAA v2,x v1,short ${both}`, [keyOf(OLD)])).toBe(true)
  expect(await isSigned(content, await signWebhook(content, [keyOf(OLD)]), [keyOf(NEW), keyOf(OLD)])).toBe(true)
})

test.each([
  ['another id', { ...content, id: 'msg_other' }],
  ['another time', { ...content, timestamp: '1614265331' }],
  ['another body', { ...content, body: body.subarray(1) }],
  ['a full stop that has moved', { ...content, id: `${content.id}.1614265330`, timestamp: '' }],
])('%s is not signed', async (_name, other) => {
  const signature = await signWebhook(content, [keyOf(OLD)])
  expect(await isSigned(other, signature, [keyOf(OLD)])).toBe(false)
})

test('what is no signature fits no key, and no more than 16 are looked at', async () => {
  const right = await signWebhook(content, [keyOf(OLD)])
  for (const wrong of [
    '',
    right.slice(3),
    `v2${right.slice(2)}`,
    right.replace('v1,', 'V1,'),
    `${right}=`,
    `${right}\n`,
  ])
    expect(await isSigned(content, wrong, [keyOf(OLD)]), wrong).toBe(false)
  expect(await isSigned(content, right, [])).toBe(false)
  expect(await isSigned(content, `${'v1,x '.repeat(15)}${right}`, [keyOf(OLD)])).toBe(true)
  expect(await isSigned(content, `${'v1,x '.repeat(16)}${right}`, [keyOf(OLD)])).toBe(false)
})

test.each([
  ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'does not begin with whsec_'],
  ['WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'does not begin with whsec_'],
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS', 'is not base64 behind whsec_'],
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS\n', 'is not base64 behind whsec_'],
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_', 'is not base64 behind whsec_'],
  ['whsec_', 'has 0 bytes, where 24 to 64 are needed'],
  [`whsec_${Buffer.alloc(23, 1).toString('base64')}`, 'has 23 bytes, where 24 to 64 are needed'],
  [`whsec_${Buffer.alloc(65, 1).toString('base64')}`, 'has 65 bytes, where 24 to 64 are needed'],
])('the secret %j %s', (secret, fault) => {
  expect(readWebhookSecret(secret)).toEqual({ fault })
})

test.each([24, 25, 26, 64])('a secret of %i bytes is read', length => {
  const bytes = Buffer.alloc(length, 0xfb)
  expect(readWebhookSecret(`whsec_${bytes.toString('base64')}`)).toEqual({ key: new Uint8Array(bytes) })
})
