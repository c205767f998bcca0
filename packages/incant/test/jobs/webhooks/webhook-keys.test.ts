import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { platformSecrets } from '../../../src/auth/secrets/platform-secrets.ts'
import { openWebhookKeys } from '../../../src/jobs/webhooks/webhook-keys.ts'

let folder = ''
let path = ''
const lines: string[] = []
const host = {
  secrets: platformSecrets,
  logger: { log: (level: string, message: string) => lines.push(`${level} ${message}`) },
}
const secret = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'incant-webhook-keys-'))
  path = join(folder, 'secrets')
})

afterAll(() => rmSync(folder, { recursive: true }))

test('without a file nothing is signed', async () => {
  expect(await openWebhookKeys('', host)()).toEqual([])
})

test('secrets are one a line; a changed file counts, and one that is not usable leaves those before', async () => {
  writeFileSync(path, `# the new one first\n${secret(1)}\n\n${secret(2)}\r\n`)
  const keys = openWebhookKeys(path, host)
  const bytes = async () => (await keys()).map(key => key[0])
  expect(await bytes()).toEqual([1, 2])
  writeFileSync(path, `${secret(3)}\n`)
  await vi.waitFor(async () => expect(await bytes()).toEqual([3]), { timeout: 20_000 })
  writeFileSync(path, 'whsec_\n')
  await vi.waitFor(
    async () => {
      await bytes()
      expect(lines).toContain('error cannot reload secrets, still using the previous ones')
    },
    { timeout: 20_000 },
  )
  expect(await bytes()).toEqual([3])
})

test.each([
  ['# nothing\n', /webhookSecretsFile is empty: .* contains none.*without it no webhook can be verified/s],
  ['token\n', /webhookSecretsFile: number 1 does not begin with whsec_/],
  [`${secret(1)}\nwhsec_c2hvcnQ=\n`, /webhookSecretsFile: number 2 has 5 bytes, where 24 to 64 are needed/],
])('%j stops the start, without the secret in the message', (text, message) => {
  writeFileSync(path, text)
  const open = () => openWebhookKeys(path, host)
  expect(open).toThrow(message)
  expect(open).toThrow(expect.objectContaining({ code: 'invalid_auth' }))
  expect(open).toThrow(expect.objectContaining({ message: expect.not.stringContaining('c2hvcnQ') }))
})

test('a file that is not there stops the start', () => {
  expect(() => openWebhookKeys(join(folder, 'absent'), host)).toThrow(
    /webhookSecretsFile cannot be read from their file: ENOENT/,
  )
})
