import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { bytesContent, generatedContent } from '../../src/content/content.ts'
import { digestOf } from '../../src/content/digest.ts'
import { readTar, type TarEntry, writeTar } from '../../src/content/tar.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const LONG = `${'folder/'.repeat(40)}ü.txt`
const ENTRIES: readonly TarEntry[] = [
  { kind: 'folder', path: 'a/' },
  { kind: 'file', path: 'a/b.txt', content: bytesContent(Buffer.from('hello')) },
  { kind: 'file', path: LONG, mode: 0o755, content: bytesContent(Buffer.alloc(100_000, 'x')) },
  { kind: 'link', path: 'a/c', target: 'b.txt' },
]

test('an archive is read by tar, and is the same each time', async () => {
  const archive = await buffer(writeTar(ENTRIES))
  expect(digestOf(archive)).toBe(digestOf(await buffer(writeTar(ENTRIES))))
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a.tar'), archive)
  const listed = execFileSync('tar', ['-tvf', 'a.tar', '--quoting-style=literal'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  })
  expect(listed).toMatch(/^-rw-r--r-- 0\/0 +5 1970-01-01 00:00 a\/b\.txt$/m)
  expect(listed).toContain(LONG)
  expect(listed).toContain('a/c -> b.txt')
})

test('an archive is content that can be read from any byte', async () => {
  const whole = await buffer(writeTar(ENTRIES))
  const content = await generatedContent(() => writeTar(ENTRIES))
  expect(content).toMatchObject({ digest: digestOf(whole), size: whole.length })
  expect((await buffer(content.open(70_001))).equals(whole.subarray(70_001))).toBe(true)
})

test('entries are read one by one, and what a visitor leaves is skipped', async () => {
  const seen: string[] = []
  await readTar(writeTar(ENTRIES), async ({ path, kind, size, stream }) => {
    seen.push(`${kind} ${path.slice(-7)} ${size}`)
    if (path === 'a/b.txt') expect((await buffer(stream)).toString()).toBe('hello')
  })
  expect(seen).toEqual(['folder a/ 0', 'file a/b.txt 5', 'file r/ü.txt 100000', 'other a/c 0'])
})

test('a visitor that throws ends the reading', async () => {
  const refuse = async () => {
    throw new RangeError('no')
  }
  await expect(readTar(writeTar(ENTRIES), refuse)).rejects.toThrow('no')
  await expect(readTar(Readable.from([Buffer.alloc(2000, 'x')]), async () => {})).rejects.toThrow()
})

test('a source that fails ends the archive', async () => {
  const broken: TarEntry = {
    kind: 'file',
    path: 'x',
    content: {
      size: 5,
      open: () =>
        new Readable({
          read() {
            this.destroy(new Error('gone'))
          },
        }),
    },
  }
  await expect(buffer(writeTar([broken]))).rejects.toThrow('gone')
})
