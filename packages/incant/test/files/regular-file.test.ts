import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRegular, readRegularSync } from '../../src/files/regular-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'incant-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const inFolder = (name: string) => join(folder, name)

describe.each([
  ['at once', async (path: string) => readRegularSync(path)],
  ['in the background', readRegular],
])('a file that is read %s', (_name, read) => {
  it('is a regular one', async () => {
    writeFileSync(inFolder('a'), 'text')
    expect(await read(inFolder('a'))).toMatchObject({ text: 'text', found: { size: 4n } })
  })

  it('is no named pipe, whether or not somebody writes to it', async () => {
    execFileSync('mkfifo', [inFolder('pipe')])
    await expect(read(inFolder('pipe'))).rejects.toThrow(/pipe is a named pipe and not a regular file$/)
  })

  it('is no folder, and no device', async () => {
    await expect(read(folder)).rejects.toThrow(/is a folder and not a regular file$/)
    await expect(read('/dev/zero')).rejects.toThrow('/dev/zero is a device and not a regular file')
  })

  it('is not larger than what it is read for', async () => {
    writeFileSync(inFolder('large'), '')
    truncateSync(inFolder('large'), 2 ** 34)
    await expect(read(inFolder('large'))).rejects.toThrow('has 17179869184 bytes; at most 16777216 are read')
  })

  it('fails as the system says where there is none', async () => {
    await expect(read(inFolder('none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
