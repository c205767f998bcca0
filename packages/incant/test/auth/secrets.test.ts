import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import { basicAuth, bearerAuth, type SecretReader, type StoredToken, type TokenStore } from '../../src/auth/index.ts'
import { basic, call, outcome, protect, serveClass, serveWith } from './_fixtures.ts'

const ask = (app: PredictorApp, token: string) => outcome(call(app, { authorization: `Bearer ${token}` }))
const status = async (app: PredictorApp, token: string) => (await ask(app, token)).slice(0, 3)

describe('a file', () => {
  let folder: string
  let file: string
  /** A file is looked at again when half a second has passed. */
  const passHalfSecond = () => vi.advanceTimersByTime(500)
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
    folder = mkdtempSync(join(tmpdir(), 'incant-secrets-'))
    file = join(folder, 'tokens')
  })
  afterEach(() => {
    vi.useRealTimers()
    rmSync(folder, { recursive: true })
  })

  test('holds one token a line', async () => {
    writeFileSync(file, '# ours\r\none\r\n\ntwo\n')
    const { app } = await serveWith(bearerAuth({ tokens: { file } }))
    expect([await ask(app, 'one'), await ask(app, 'two')]).toEqual(['200 token-1', '200 token-2'])
    expect(await status(app, 'ours')).toBe('401')
  })

  test('that is replaced is read again within a second', async () => {
    writeFileSync(file, 'old')
    const { app, lines } = await serveWith(bearerAuth({ tokens: { file } }))
    writeFileSync(`${file}.new`, 'new1\nold')
    renameSync(`${file}.new`, file)
    passHalfSecond()
    expect([await status(app, 'new1'), await status(app, 'old')]).toEqual(['200', '200'])
    writeFileSync(file, 'new1')
    passHalfSecond()
    expect([await status(app, 'new1'), await status(app, 'old')]).toEqual(['200', '401'])
    expect(lines.filter(({ message }) => message === 'secrets reloaded').length).toBe(2)
  })

  test('that breaks, or goes away, keeps what was there, and the log says so once', async () => {
    writeFileSync(file, 'old')
    const { app, lines } = await serveWith(bearerAuth({ tokens: { file } }))
    for (const spoil of [() => writeFileSync(file, ''), () => unlinkSync(file)]) {
      spoil()
      for (let time = 0; time < 2; time += 1) {
        passHalfSecond()
        expect(await status(app, 'old')).toBe('200')
      }
    }
    const errors = lines.filter(({ level }) => level === 'error')
    expect(errors.map(({ message }) => message)).toEqual(
      Array(2).fill('cannot reload secrets, still using the previous ones'),
    )
    expect(JSON.stringify(errors)).not.toMatch(/\bold\b/)
    writeFileSync(file, 'new')
    passHalfSecond()
    expect([await status(app, 'new'), await status(app, 'old')]).toEqual(['200', '401'])
  })

  test.each([
    ['a named pipe', () => execFileSync('mkfifo', [file]), 'is a named pipe and not a regular file'],
    ['a folder', () => mkdirSync(file), 'is a folder and not a regular file'],
  ])('whose place %s has taken keeps what was there, and is looked at again', async (_name, replace, reason) => {
    writeFileSync(file, 'old')
    const { app, lines } = await serveWith(bearerAuth({ tokens: { file } }))
    rmSync(file)
    replace()
    passHalfSecond()
    expect([await status(app, 'old'), await status(app, 'new')]).toEqual(['200', '401'])
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'cannot reload secrets, still using the previous ones', file, reason: `${file} ${reason}` },
    ])
    rmSync(file, { recursive: true })
    writeFileSync(file, 'new')
    passHalfSecond()
    expect([await status(app, 'old'), await status(app, 'new')]).toEqual(['401', '200'])
  })

  test('that does not answer holds up one call for a second, and is not asked again before it has', async () => {
    const answers: ((text: string) => void)[] = []
    const secrets: SecretReader = {
      environment: () => undefined,
      file: () => 'old',
      fileVersion: () => '1',
      readChanged: () => new Promise(resolve => answers.push(text => resolve({ text, version: '2' }))),
    }
    const { app, lines } = await serveClass(protect(bearerAuth({ tokens: { file: 'tokens' } })), { secrets })
    const errors = () => lines.filter(({ level }) => level === 'error').map(({ reason }) => reason)
    for (let call = 0; call < 3; call += 1) {
      passHalfSecond()
      expect(await status(app, 'old')).toBe('200')
    }
    expect([answers.length, errors()]).toEqual([1, ['tokens does not answer']])
    answers.shift()?.('too late')
    await new Promise(setImmediate)
    passHalfSecond()
    const asked = status(app, 'new')
    await expect.poll(() => answers.length).toBe(1)
    answers.shift()?.('new')
    expect(await asked).toBe('200')
  })

  test('that could not be read is tried again, though it has not changed', async () => {
    let isReadable = true
    let version = '1'
    const secrets: SecretReader = {
      environment: () => undefined,
      file() {
        if (!isReadable) throw new Error('EACCES: permission denied')
        return `token${version}`
      },
      fileVersion: () => version,
    }
    const { app } = await serveClass(protect(bearerAuth({ tokens: { file: 'tokens' } })), { secrets })
    isReadable = false
    version = '2'
    passHalfSecond()
    expect(await status(app, 'token1')).toBe('200')
    isReadable = true
    passHalfSecond()
    expect(await status(app, 'token2')).toBe('200')
  })

  test('behind links that turn, as Kubernetes mounts a secret', async () => {
    for (const version of ['1', '2']) {
      mkdirSync(join(folder, `..${version}`))
      writeFileSync(join(folder, `..${version}`, 'tokens'), `token${version}`)
    }
    symlinkSync('..1', join(folder, '..data'))
    symlinkSync('..data/tokens', file)
    const { app } = await serveWith(bearerAuth({ tokens: { file } }))
    expect(await status(app, 'token1')).toBe('200')
    symlinkSync('..2', join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
    passHalfSecond()
    expect([await status(app, 'token1'), await status(app, 'token2')]).toEqual(['401', '200'])
  })

  test('holds users, too', async () => {
    writeFileSync(file, 'till:p:w\nenv:e\n')
    const { app } = await serveWith(basicAuth({ users: { file } }))
    const answers = ['till:p:w', 'env:e', 'till:p'].map(text => outcome(call(app, { authorization: basic(text) })))
    expect((await Promise.all(answers)).map(answer => answer.slice(0, 8))).toEqual(['200 till', '200 env', '401 inva'])
  })
})

describe('a variable', () => {
  const reader = (values: Record<string, string>) => ({
    environment: (name: string) => values[name],
    file: () => '',
    fileVersion: () => '',
  })

  test('holds one token or several', async () => {
    const predictor = protect(bearerAuth({ tokens: { env: 'TOKENS' } }))
    const { app } = await serveClass(predictor, { secrets: reader({ TOKENS: ' one, two\nthree ' }) })
    expect([await ask(app, 'one'), await ask(app, 'two'), await ask(app, 'three')]).toEqual([
      '200 token-1',
      '200 token-2',
      '200 token-3',
    ])
  })

  test('is that of the process where nothing else is said', async () => {
    process.env['INCANT_TEST_TOKENS'] = 'from-the-environment'
    const { app } = await serveWith(bearerAuth({ tokens: { env: 'INCANT_TEST_TOKENS' } }))
    delete process.env['INCANT_TEST_TOKENS']
    expect(await status(app, 'from-the-environment')).toBe('200')
  })
})

describe('a store', () => {
  const SECRET = `inc_abc_${'x'.repeat(38)}`
  const HASH = 'f'.repeat(64)
  const hashOf = async (text: string) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex')
  const stored = async (more: Partial<StoredToken> = {}): Promise<StoredToken> => ({
    id: 'abc',
    hash: await hashOf(SECRET),
    scopes: ['read'],
    ...more,
  })

  test('is opened, asked for ids alone, told of uses, and closed', async () => {
    const token = await stored({ name: 'till' })
    const calls: unknown[] = []
    const store: TokenStore = {
      open: ({ logger }) => calls.push(['open', typeof logger.log]),
      find(id) {
        calls.push(['find', id])
        return id === 'abc' ? token : undefined
      },
      touch: (id, at) => calls.push(['touch', id, Math.abs(at - Date.now()) < 5000]),
      close: () => void calls.push(['close']),
    }
    const { app } = await serveWith(bearerAuth({ tokens: store }))
    const response = await call(app, { authorization: `Bearer ${SECRET}` })
    expect(await response.json()).toMatchObject({ principal: { id: 'abc', name: 'till', scopes: ['read'] } })
    expect(await status(app, `${SECRET}y`)).toBe('401')
    expect(await status(app, 'not-of-ours')).toBe('401')
    await app.close()
    expect(calls).toEqual([
      ['open', 'function'],
      ['find', 'abc'],
      ['touch', 'abc', true],
      ['find', 'abc'],
      ['find', ''],
      ['close'],
    ])
    expect(JSON.stringify(calls)).not.toContain('xxx')
  })

  test.each<[string, Partial<StoredToken>, string]>([
    ['in time', { notBefore: Date.now() - 1000, expires: Date.now() + 60_000 }, '200'],
    ['expired', { expires: Date.now() }, '401'],
    ['not yet valid', { notBefore: Date.now() + 60_000 }, '401'],
    ['with another hash', { hash: HASH }, '401'],
    ['with half a hash', { hash: 'ff' }, '401'],
    ['with an empty hash', { hash: '' }, '401'],
    ['that is another one', { id: 'abd' }, '401'],
  ])('a token %s', async (_name, more, expected) => {
    const token = await stored(more)
    const { app } = await serveWith(bearerAuth({ tokens: { find: async () => token } }))
    expect(await status(app, SECRET)).toBe(expected)
  })

  test('that changes what it gave is believed', async () => {
    const token: { -readonly [Key in keyof StoredToken]: StoredToken[Key] } = await stored()
    const { app } = await serveWith(bearerAuth({ tokens: { find: () => token } }))
    expect(await status(app, SECRET)).toBe('200')
    token.hash = HASH
    expect(await status(app, SECRET)).toBe('401')
  })

  test('expired, revoked and unknown get the same bytes', async () => {
    const expired = await stored({ expires: 1 })
    const find = (id: string) => ({ abc: expired })[id]
    const { app } = await serveWith(bearerAuth({ tokens: { find } }))
    const answers = await Promise.all(
      [SECRET, SECRET.replace('abc', 'abd'), `${SECRET}y`, 'other'].map(async token => {
        const response = await call(app, { authorization: `Bearer ${token}`, 'x-request-id': 'same' })
        return JSON.stringify([response.status, [...response.headers], await response.text()])
      }),
    )
    expect(new Set(answers).size).toBe(1)
  })

  test('that fails is a 500, one that hangs a 503', async () => {
    const { app: failing } = await serveWith(
      bearerAuth({ tokens: { find: () => Promise.reject(new Error('no database')) } }),
    )
    expect(await ask(failing, SECRET)).toBe('500 auth_failed')
    const hanging = protect(bearerAuth({ tokens: { find: () => new Promise(() => {}) } }))
    const { app } = await serveClass(hanging, { authTimeout: 20 })
    expect(await ask(app, SECRET)).toBe('503 auth_unavailable')
  })
})
