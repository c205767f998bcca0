// @module-tag slow
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Module } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ProcessOptions, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): number { return payload.text.length }
}
`

/** Serves a file, and gives the status of a call and of one that the types refuse. */
async function statuses(options: Omit<ProcessOptions, 'cwd'>): Promise<number[]> {
  const server = serveFile(['p.ts'], { cwd: temporaryFolder({ 'p.ts': PREDICTOR }), ...options })
  const { url } = await server.ready()
  const call = async (body: string) => (await fetch(`${url}/predict`, { method: 'POST', body })).status
  return [await call('{"text":"good"}'), await call('{"text":5}')]
}

/** Newer Nodes make a folder for their compile cache, which a package asks for; below /proc they try that for ever. */
const hasCompileCache = 'enableCompileCache' in Module

describe('a predictor in TypeScript is served', () => {
  test.skipIf(hasCompileCache)('where TMPDIR cannot be written, not even by root', async () => {
    expect(await statuses({ env: { TMPDIR: '/proc' } })).toEqual([200, 422])
  })

  test('where TMPDIR is not there', async () => {
    const folder = join(temporaryFolder(), 'not-there')
    expect(await statuses({ env: { TMPDIR: folder } })).toEqual([200, 422])
    expect(existsSync(folder)).toBe(hasCompileCache)
  })

  // As `readOnlyRootFilesystem: true` in Kubernetes and `--read-only` in Docker have it.
  test.skipIf(!canUnshare())('where no file can be written', async () => {
    expect(await statuses({ through: ['unshare', '--mount', 'bash', '-ec', READ_ONLY, 'read-only'] })).toEqual([
      200, 422,
    ])
  })
})

/** Makes every mount read-only that files could be written to, makes sure of it, and becomes the command. */
const READ_ONLY = `
mount --make-rprivate /
while read -r _ _ _ _ point _; do
  case "$point" in /proc*|/sys*|/dev|/dev/pts|/dev/mqueue) ;; *) mount -o remount,bind,ro "$point" ;; esac
done < /proc/self/mountinfo
touch "$PWD/probe" 2>/dev/null && exit 9
exec "$@"
`

/** Mounts of one's own are root's to make. */
function canUnshare(): boolean {
  return process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0
}
