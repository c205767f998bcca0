import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createApp } from '../../../src/app/create-app.ts'
import type { Tokens } from '../../../src/auth/secrets/secrets.ts'
import { apiKeyAuth } from '../../../src/auth/strategies/api-key.ts'
import { bearerAuth } from '../../../src/auth/strategies/bearer.ts'
import type { StoredToken, TokenStore } from '../../../src/auth/token-store.ts'
import { issueToken } from '../../../src/auth/tokens/issue.ts'
import { tokenFile } from '../../../src/auth/tokens/token-file.ts'
import { recordLog } from '../../app/_serving.ts'
import { call, outcome, protect, serveClass, serveWith, WITH_CONTEXT } from '../_fixtures.ts'
import { temporaryFolder } from './_files.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const INVALID = '401 invalid_credentials Bearer realm="predict", error="invalid_token"'

async function serveFile() {
  const path = join(temporaryFolder(), 'tokens.json')
  const store = tokenFile(path)
  const first = await store.create({ name: 'billing', scopes: ['predict'] })
  const served = await serveWith(bearerAuth({ tokens: store }))
  return { ...served, path, store, first }
}

describe('a server with a file of tokens', () => {
  it('lets in who has a token, by its id, name and scopes', async () => {
    const { app, first } = await serveFile()
    const answer = await call(app, bearer(first.token))
    expect(await answer.json()).toMatchObject({
      principal: { id: first.id, name: 'billing', scopes: ['predict'] },
    })
  })

  it('takes up at once what its own process changes', async () => {
    const { app, store, first } = await serveFile()
    const next = await store.rotate({ id: first.id })
    expect((await call(app, bearer(next.token))).status).toBe(200)
    expect((await call(app, bearer(first.token))).status).toBe(200)
    await store.revoke({ id: first.id })
    expect(await outcome(call(app, bearer(first.token)))).toBe(INVALID)
    const pending = await store.create({ notBefore: Date.now() + 60_000 })
    expect(await outcome(call(app, bearer(pending.token)))).toBe(INVALID)
    const short = await store.create({ expires: Date.now() + 60_000 })
    expect((await call(app, bearer(short.token))).status).toBe(200)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    onTestFinished(() => void vi.useRealTimers())
    expect(await outcome(call(app, bearer(short.token)))).toBe(INVALID)
  })

  it('refuses a token with any character changed', async () => {
    const { app, first } = await serveFile()
    const characters = fc.constantFrom(...'0aZ_.')
    await fc.assert(
      fc.asyncProperty(fc.nat(first.token.length - 1), characters, async (at, character) => {
        const changed = first.token.slice(0, at) + character + first.token.slice(at + 1)
        fc.pre(changed !== first.token)
        expect(await outcome(call(app, bearer(changed)))).toBe(INVALID)
      }),
      { numRuns: 80 },
    )
  })

  it('keeps the tokens it knows while a named pipe stands in its place, and follows the file that comes after it', async () => {
    const { app, path, first, lines } = await serveFile()
    const revoked = readFileSync(path, 'utf8').replace(
      /("id": "\w+",)/,
      '$1\n      "revoked": "2026-01-01T00:00:00.000Z",',
    )
    rmSync(path)
    execFileSync('mkfifo', ['-m', '600', path])
    const errors = () => lines.filter(({ level }) => level === 'error')
    await expect.poll(errors).toMatchObject([
      {
        message: 'cannot reload tokens, still accepting the previous ones',
        reason: expect.stringContaining('is a named pipe'),
      },
    ])
    expect((await call(app, bearer(first.token))).status).toBe(200)
    rmSync(path)
    writeFileSync(path, revoked, { mode: 0o600 })
    await expect.poll(() => outcome(call(app, bearer(first.token)))).toBe(INVALID)
    expect(errors()).toHaveLength(1)
  })

  it('does not start with a named pipe, and does not wait for it', () => {
    const path = join(temporaryFolder(), 'tokens.json')
    execFileSync('mkfifo', [path])
    const open = (tokens: Tokens) => () => createApp(protect(bearerAuth({ tokens })), { signature: WITH_CONTEXT })
    expect(open(tokenFile(path))).toThrow('is a named pipe')
    expect(open({ file: path })).toThrow('is a named pipe')
  })

  it('keeps the tokens it knows when the file breaks or goes, and says so once', async () => {
    const { app, path, first, lines } = await serveFile()
    const good = readFileSync(path)
    const errors = () => lines.filter(line => line.level === 'error')
    writeFileSync(path, '{"version":1,"tok')
    await expect.poll(errors).toHaveLength(1)
    expect(errors()).toMatchObject([
      {
        message: 'cannot reload tokens, still accepting the previous ones',
        file: path,
        reason: expect.stringContaining('it is not JSON'),
      },
    ])
    rmSync(path)
    await expect.poll(errors).toHaveLength(2)
    expect(errors()[1]).toMatchObject({ reason: expect.stringContaining(`${path} does not exist`) })
    expect((await call(app, bearer(first.token))).status).toBe(200)
    writeFileSync(path, good, { mode: 0o600 })
    await expect.poll(() => lines.at(-1)).toMatchObject({ level: 'info', message: 'tokens are readable again' })
    expect(lines.at(-1)).toMatchObject({ file: path })
    expect(errors()).toHaveLength(2)
  })

  it('does not take up a file that others may write', async () => {
    const { app, path, store, first, lines } = await serveFile()
    chmodSync(path, 0o620)
    const text = readFileSync(path, 'utf8').replace('"predict"', '"admin"')
    writeFileSync(path, text)
    await expect
      .poll(() => lines.filter(line => line.level === 'error'))
      .toMatchObject([{ reason: expect.stringContaining('is writable by other users, so they could add tokens') }])
    expect(await (await call(app, bearer(first.token))).json()).toMatchObject({ principal: { scopes: ['predict'] } })
    await store.create()
    expect(await (await call(app, bearer(first.token))).json()).toMatchObject({ principal: { scopes: ['admin'] } })
  })

  it('does not start without the file, and warns where it is empty or where all may read it', async () => {
    const path = join(temporaryFolder(), 'tokens.json')
    const { logger, lines } = recordLog()
    const create = () =>
      createApp(protect(bearerAuth({ tokens: tokenFile(path) })), { logger, signature: WITH_CONTEXT })
    expect(create).toThrow(
      /@bearerAuth on Predictor: .*tokens\.json does not exist\n {2}Create it: incant token create/,
    )
    writeFileSync(path, '{"version":1,"tokens":[]}', { mode: 0o622 })
    chmodSync(path, 0o622)
    expect(create).toThrow(/is writable by other users, so they could add tokens\n {2}chmod 600/)
    chmodSync(path, 0o644)
    await create().close()
    expect(lines.filter(line => line.level === 'warn').map(line => line.message)).toEqual([
      'every user of this machine can read the names of the tokens',
      'the token file is empty: every call is refused',
    ])
  })

  it('shares one store between predictors, until the last of them is closed', async () => {
    const { app, store, first } = await serveFile()
    const other = await serveClass(protect(apiKeyAuth({ tokens: store })))
    await app.close()
    expect((await call(other.app, { 'x-api-key': first.token })).status).toBe(200)
    await store.revoke({ id: first.id })
    expect((await call(other.app, { 'x-api-key': first.token })).status).toBe(401)
  })

  it('writes when tokens were last used beside the file and never into it', async () => {
    const { app, path, store, first } = await serveFile()
    const before = readFileSync(path, 'utf8')
    const start = Date.now()
    await call(app, bearer(first.token))
    expect((await store.list())[0]?.lastUsed).toBeGreaterThanOrEqual(start)
    await app.close()
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(readdirSync(join(path, '..')).sort()).toEqual(['tokens.json', 'tokens.json.last-use'])
    expect((await tokenFile(path).list())[0]?.lastUsed).toBeGreaterThanOrEqual(start)
    expect(readFileSync(`${path}.last-use`, 'utf8')).not.toContain(first.token.slice(-38))
  })

  it('does without a file of last uses where none can be written', async () => {
    const { app, path, store, first, lines } = await serveFile()
    // A folder in its place: a file system that cannot be written needs another user than root.
    mkdirSync(`${path}.last-use`)
    await call(app, bearer(first.token))
    expect((await store.list())[0]?.lastUsed).toBeGreaterThan(0)
    await app.close()
    expect(lines.filter(line => line.level !== 'debug').at(-1)).toMatchObject({
      level: 'info',
      message: 'cannot write when tokens were last used',
    })
  })
})

describe("a store of one's own", () => {
  it('needs one method', async () => {
    const known = new Map<string, StoredToken>()
    const store: TokenStore = { find: id => known.get(id) }
    const { token, stored } = await issueToken({ name: 'billing' })
    known.set(stored.id, stored)
    const { app } = await serveWith(bearerAuth({ tokens: store }))
    expect((await call(app, bearer(token))).status).toBe(200)
    known.clear()
    expect(await outcome(call(app, bearer(token)))).toBe(INVALID)
  })
})
