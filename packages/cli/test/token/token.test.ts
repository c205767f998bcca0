// @module-tag slow
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from 'incant'
import { describe, expect, it } from 'vitest'
import { runTokenCommand } from '../../src/commands/token.ts'
import { type Ending, runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const TOKEN = /^inc_([0-9A-Za-z]{10})_[0-9A-Za-z]{38}\n$/

/** Runs `incant token …` on a file of its own. */
function shell(): { token: (...words: string[]) => Promise<Ending>; path: string } {
  const cwd = temporaryFolder()
  const run = (...words: string[]) => runIncant(['token', ...words, '--store', 'tokens.json'], { cwd })
  return { token: run, path: join(cwd, 'tokens.json') }
}

function idOf({ stdout }: Ending): string {
  return TOKEN.exec(stdout)?.[1] ?? `no token: ${stdout}`
}

describe('incant token', () => {
  it('creates: the token alone on standard output, what is known of it on standard error', async () => {
    const { token, path } = shell()
    const made = await token('create', '--name', 'billing', '--scopes', 'predict,admin', '--expires', '90d')
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(TOKEN) })
    expect(made.stderr).toMatch(
      /^incant: token \w{10} for billing, scopes predict,admin, valid until \d{4}-\d\d-\d\dT\d\d:\d\dZ; it is shown only this once\n$/,
    )
    expect(made.stderr).toContain(idOf(made))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(made.stderr + readFileSync(path, 'utf8')).not.toContain(made.stdout.trim().slice(-38))
  })

  it('creates, lists and rotates as JSON', async () => {
    const { token } = shell()
    const made = JSON.parse(
      (await token('create', '--json', '--not-before', '2999-01-31', '--expires=3000-01-31T12:00Z')).stdout,
    )
    expect(made).toMatchObject({
      state: 'pending',
      notBefore: '2999-01-31T00:00:00.000Z',
      expires: '3000-01-31T12:00:00.000Z',
      token: expect.stringContaining(`inc_${made.id}_`),
    })
    const { token: secret, ...listing } = made
    const listed = await token('list', '--json')
    expect(JSON.parse(listed.stdout)).toEqual([listing])
    expect(listed.stdout).not.toContain(secret.slice(-38))
    expect(listed.stdout).not.toMatch(/hash|[0-9a-f]{64}/)
    const rotated = JSON.parse((await token('rotate', made.id, '--grace', '0', '--json')).stdout)
    expect(rotated).toMatchObject({ state: 'pending', token: expect.stringContaining(`inc_${rotated.id}_`) })
    expect(JSON.parse((await token('list', '--json')).stdout)[0]).toMatchObject({
      replacedBy: rotated.id,
      state: 'expired',
    })
  })

  it('rotates by name, lists, and revokes all of the name', async () => {
    const { token } = shell()
    const first = idOf(await token('create', '--name', 'billing', '--scopes', 'predict'))
    const rotated = await token('rotate', '--name', 'billing', '--grace', '7d')
    const second = idOf(rotated)
    expect(rotated.stderr).toMatch(new RegExp(`incant: token ${first} stays valid until \\d{4}-\\d\\d-\\d\\dT`))
    const list = await token('list')
    const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ'
    expect(list.stdout).toMatch(/^ID +NAME +STATE +SCOPES +CREATED +NOT BEFORE +EXPIRES +LAST USED\n/)
    expect(list.stdout).toMatch(new RegExp(`${first} +billing +replaced +predict +${time} +- +${time} +-\n`))
    expect(list.stdout).toMatch(new RegExp(`${second} +billing +valid +predict +${time} +- +- +-\n`))
    expect(await token('revoke', '--name', 'billing')).toEqual({
      code: 0,
      stdout: `revoked ${first}\nrevoked ${second}\n`,
      stderr: '',
    })
    expect((await token('list')).stdout.match(/ revoked /g)).toHaveLength(2)
  })

  it.each<[string[], string]>([
    [['list'], 'does not exist\n  Create it: incant token create --store FILE.'],
    [['creat'], 'incant token has no such command\n  Did you mean "create"?'],
    [['create', '--expires', '5'], '--expires is "5"\n  Use a duration from now such as 90d, 24h or 30m, or a time'],
    [['create', '--expires', '2020-01-01'], 'the token would never be valid: it expires before it begins'],
    [['create', '--scopes', 'a b'], 'scope 1 is not valid'],
    [['create', '--name', ''], 'the name of the token is not valid'],
    [['create', 'billing'], 'incant token create takes options only, but 1 more were given'],
    [['create', '--nam', 'billing'], 'incant token create has no option --nam\n  Did you mean --name?'],
    [['rotate'], 'no token is named\n  Write: incant token rotate --store FILE ID | --name NAME'],
    [['rotate', 'a', 'b'], '2 ids are given, and one token is rotated at a time'],
    [['rotate', 'a', '--grace', 'soon'], '--grace is "soon"\n  Use a duration such as 90d, 24h, 30m or 45s.'],
    [['revoke', 'a', '--name', 'b'], 'ids and --name are given'],
  ])('refuses %j', async (words, message) => {
    const refused = runTokenCommand([...words, '--store', join(temporaryFolder(), 'tokens.json')])
    const error = await refused.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(StartupError.is(error) ? error.message : error).toContain(message)
  })

  it('refuses a whole token for an id, and a broken file, and repeats nothing of either', async () => {
    const { token, path } = shell()
    const { stdout: secret } = await token('create')
    for (const action of ['rotate', 'revoke']) {
      const refused = await token(action, secret.trim())
      expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('a whole token was given') })
      expect(refused.stderr).not.toContain(secret.trim().slice(-38))
    }
    writeFileSync(path, JSON.stringify({ version: 1, tokens: [{ hash: secret }] }))
    const { code, stderr } = await token('list')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('is not a token file: #/tokens/0'),
    })
    expect(stderr).not.toContain(secret.trim().slice(-38))
  })

  it('has help for itself and for each action', async () => {
    const cwd = temporaryFolder()
    const help = await runIncant(['token', '--help'], { cwd })
    for (const action of ['create', 'list', 'rotate', 'revoke']) {
      expect(help.stdout).toContain(`incant token ${action} --store FILE`)
    }
    const own = await runIncant(['token', 'create', '--help'], { cwd })
    expect(own).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('  --store FILE ') })
    expect(own.stdout).not.toContain('INCANT_')
    expect((await runIncant(['token', 'create'], { cwd })).stderr).toMatch(
      /^error\[missing_argument\]: no token file was given\n {2}fix: Write: incant token create --store FILE\n {2}docs: .*#missing_argument\n$/,
    )
  })
})
