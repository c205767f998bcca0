import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tokenState } from '../../../src/auth/tokens/record.ts'
import { tokenFile } from '../../../src/auth/tokens/token-file.ts'
import { refusal, temporaryFolder } from './_files.ts'

const DAY = 86_400_000

function newFile(): { path: string; folder: string; store: ReturnType<typeof tokenFile> } {
  const folder = temporaryFolder()
  const path = join(folder, 'tokens.json')
  return { path, folder, store: tokenFile(path) }
}

describe('a file of tokens', () => {
  it('is made with the first token, for its owner alone, and holds no secret', async () => {
    const { path, folder, store } = newFile()
    const created = await store.create({ name: 'billing', scopes: ['predict'], expires: Date.now() + DAY })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['tokens.json'])
    expect(readFileSync(path, 'utf8')).not.toContain(created.token.slice(-38))
    const { token: _, ...listing } = created
    expect(await store.list()).toEqual([listing])
    expect(listing).not.toHaveProperty('hash')
  })

  it('rotates: the same name, scopes and length of life; the old one ends after the grace period', async () => {
    const { store } = newFile()
    const old = await store.create({ name: 'billing', scopes: ['a', 'b'], expires: Date.now() + 90 * DAY })
    const next = await store.rotate({ name: 'billing' }, { grace: '1s' })
    expect(next).toMatchObject({ name: 'billing', scopes: ['a', 'b'], replaces: { id: old.id, replacedBy: next.id } })
    expect(Math.abs((next.expires ?? 0) - (old.expires ?? 0))).toBeLessThan(10_000)
    expect((next.replaces.expires ?? 0) - next.created).toBe(1000)
    expect((await store.list()).map(token => tokenState(token, next.created))).toEqual(['replaced', 'valid'])
    const third = await store.rotate({ name: 'billing' })
    expect(third.replaces.id).toBe(next.id)
    expect((third.replaces.expires ?? 0) - third.created).toBe(DAY)
  })

  it('never lets a token outlive its own end because it is rotated', async () => {
    const { store } = newFile()
    const old = await store.create({ expires: Date.now() + 60_000 })
    expect((await store.rotate({ id: old.id }, { grace: DAY })).replaces.expires).toBe(old.expires)
  })

  it('lets a token that is not yet valid be followed by one that is not yet valid', async () => {
    const { store } = newFile()
    const notBefore = Date.now() + DAY
    const old = await store.create({ notBefore, expires: notBefore + DAY })
    expect(await store.rotate({ id: old.id })).toMatchObject({ notBefore, expires: notBefore + DAY })
  })

  it('revokes by id one, by name all of the name', async () => {
    const { store } = newFile()
    const [one, two] = [await store.create({ name: 'a' }), await store.create({ name: 'b' })]
    const three = await store.rotate({ id: two.id })
    expect(await store.revoke({ id: one.id })).toEqual([one.id])
    expect(await store.revoke({ name: 'b' })).toEqual([two.id, three.id])
    expect(await store.revoke({ name: 'b' })).toEqual([two.id, three.id])
    expect((await store.list()).map(token => tokenState(token, Date.now()))).toEqual(['revoked', 'revoked', 'revoked'])
  })

  it('refuses what it cannot do, and says what to do', async () => {
    const { store, path } = newFile()
    expect(await refusal(store.revoke({ id: 'a' }))).toEqual({
      code: 'file_not_found',
      message: `${path} does not exist\n  Create it: incant token create --store FILE.`,
    })
    const { token, id } = await store.create({ name: 'a' })
    expect(await refusal(store.revoke({ id: 'x' }))).toEqual({
      code: 'invalid_option',
      message: 'there is no token x\n  incant token list shows them all.',
    })
    expect(await refusal(store.rotate({ id: token }))).toEqual({
      code: 'invalid_option',
      message: `a whole token was given instead of its id\n  Its id is ${id}. The token has been exposed: revoke it.`,
    })
    const { id: next } = await store.rotate({ id })
    expect(await refusal(store.rotate({ id }))).toEqual({
      code: 'invalid_option',
      message: `the token ${id} was already rotated, to ${next}\n  Rotate that one.`,
    })
    const { id: other } = await store.create({ name: 'a' })
    expect(await refusal(store.rotate({ name: 'a' }))).toEqual({
      code: 'invalid_option',
      message: `2 valid tokens have this name: ${next}, ${other}\n  Say which one by its id.`,
    })
    await store.revoke({ name: 'a' })
    expect(await refusal(store.rotate({ name: 'a' }))).toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('the token named "a" has ended'),
    })
  })

  it('stays as it is where it cannot be changed', async () => {
    const { store, path, folder } = newFile()
    writeFileSync(path, '{"version":1,"tokens":[', { mode: 0o600 })
    expect(await refusal(store.create())).toMatchObject({
      code: 'invalid_auth',
      message: expect.stringContaining(`${path} is not a token file: it is not JSON`),
    })
    expect(readFileSync(path, 'utf8')).toBe('{"version":1,"tokens":[')
    expect(readdirSync(folder)).toEqual(['tokens.json'])
    expect(await refusal(tokenFile(join(folder, 'no', 'tokens.json')).create())).toMatchObject({
      code: 'file_not_found',
    })
    expect(await refusal(tokenFile(folder).create())).toMatchObject({ code: 'permission_denied' })
  })

  it('keeps a link to it, and who may read it, and takes from others the right to write it', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'real'))
    symlinkSync(join('real', 'tokens.json'), join(folder, 'link.json'))
    await tokenFile(join(folder, 'real', 'tokens.json')).create()
    chmodSync(join(folder, 'real', 'tokens.json'), 0o664)
    await tokenFile(join(folder, 'link.json')).create()
    expect(await tokenFile(join(folder, 'real', 'tokens.json')).list()).toHaveLength(2)
    expect(statSync(join(folder, 'real', 'tokens.json')).mode & 0o777).toBe(0o644)
    expect(readdirSync(folder)).toEqual(['link.json', 'real'])
  })

  it('forgets tokens that ended three months ago when one is made', async () => {
    const { store, path } = newFile()
    const { id } = await store.create()
    const document = JSON.parse(readFileSync(path, 'utf8'))
    const ended = new Date(Date.now() - 91 * DAY).toISOString()
    const written = [
      { ...document.tokens[0], id: 'long', revoked: ended },
      { ...document.tokens[0], id: 'ago', expires: ended },
    ]
    writeFileSync(path, JSON.stringify({ ...document, tokens: [...document.tokens, ...written] }))
    const { id: next } = await store.create()
    expect((await store.list()).map(token => token.id)).toEqual([id, next])
  })
})
