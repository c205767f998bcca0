import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkNode } from '../../scripts/setup/check-node.js'

const run = promisify(execFile)
const moduleURL = (name: string) => new URL(`../../scripts/setup/${name}.js`, import.meta.url).href

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'incant-setup-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('the check of Node', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '26.9.0'])('%s is new enough', version => {
    expect(checkNode(version)).toBeUndefined()
  })

  test.each(['18.20.8', '20.18.3'])('%s is too old, and the message says what is needed', version => {
    expect(checkNode(version)).toBe(
      `This is Node ${version}; Incant needs Node 20.19 or newer. Install one, then run the command again.`,
    )
  })

  test('is that of package.json', () => {
    const manifest = JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'))
    expect(manifest.engines.node).toBe('>=20.19')
  })
})

describe('the lock', () => {
  /** Notes when it begins and ends; two that overlap would mix their notes. */
  const work = `
    import { appendFileSync } from 'node:fs'
    import { withLock } from '${moduleURL('lock')}'
    await withLock('.', () => {
      appendFileSync('notes', 'begin ')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150)
      appendFileSync('notes', 'end ')
    })`
  const start = () => run(process.execPath, ['--input-type=module', '--eval', work], { cwd: folder })

  test('lets one at a time in', async () => {
    await Promise.all([start(), start(), start()])
    expect(readFileSync(join(folder, 'notes'), 'utf8')).toBe('begin end '.repeat(3))
    expect(existsSync(join(folder, '.tmp/setup.lock'))).toBe(false)
  })

  test('is taken over from a process that is gone', async () => {
    const gone = run(process.execPath, ['--version'])
    await gone
    mkdirSync(join(folder, '.tmp'))
    writeFileSync(join(folder, '.tmp/setup.lock'), String(gone.child.pid))
    await start()
    expect(readFileSync(join(folder, 'notes'), 'utf8')).toBe('begin end ')
  })
})

describe('the install', () => {
  const packages = {
    '': { name: 'root' },
    'node_modules/needed': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/elsewhere': { version: '1.0.0', optional: true },
  }
  const installed = { 'node_modules/needed': packages['node_modules/needed'] }

  /** Runs it with an npm that only says that it was called. */
  async function isInstalling(wanted: object, found: object | undefined): Promise<boolean> {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }))
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    if (found !== undefined) {
      writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: found }))
    }
    writeFileSync(join(folder, 'npm.js'), 'console.log("npm " + process.argv[2])')
    const program = `import { installWhenStale } from '${moduleURL('install')}'; installWhenStale('.')`
    const env = { ...process.env, npm_execpath: join(folder, 'npm.js') }
    const { stderr } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder, env })
    return stderr.includes('npm ci')
  }

  test('is left out when what is there is what the lock file names', async () => {
    expect(await isInstalling(packages, installed)).toBe(false)
  })

  test.each([
    ['nothing is there', undefined],
    ['a package is missing', {}],
    ['a version is another', { 'node_modules/needed': { version: '1.0.1', integrity: 'sha512-b' } }],
    ['one is too many', { ...installed, 'node_modules/old': { version: '1.0.0' } }],
  ])('is done when %s', async (_case, found) => {
    expect(await isInstalling(packages, found)).toBe(true)
  })
})
