import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SpooledBody } from '../../src/replica/reading/spooled-body.ts'

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'incant-spool-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Chunks of many sizes, all different, that are so long together. */
function makeChunks(length: number): Buffer[] {
  const whole = Buffer.from(Array.from({ length }, (_, index) => index % 251))
  const chunks: Buffer[] = []
  for (let at = 0, size = 1; at < length; at += size, size = (size * 7 + 3) % 70_001) {
    chunks.push(whole.subarray(at, at + size))
  }
  return chunks
}

async function spool(folder: string, chunks: readonly Buffer[]): Promise<SpooledBody> {
  const body = new SpooledBody(folder)
  onTestFinished(() => body.discard())
  for (const chunk of chunks) await body.add(chunk)
  return body
}

async function readAll(content: Uint8Array | ReadableStream<Uint8Array>): Promise<Buffer> {
  if (content instanceof Uint8Array) return Buffer.from(content)
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('a body that arrives', () => {
  test.each([0, 1, 65_536, 1_048_576])('of %i bytes stays in memory', async length => {
    const folder = makeFolder()
    const chunks = makeChunks(length)
    const content = (await spool(folder, chunks)).take()
    expect(content).toBeInstanceOf(Uint8Array)
    expect(Buffer.concat(chunks).equals(await readAll(content))).toBe(true)
  })

  test.each([1_048_577, 3_000_000])('of %i bytes is in a file without a name', async length => {
    const folder = makeFolder()
    const chunks = makeChunks(length)
    const content = (await spool(folder, chunks)).take()
    expect(content).toBeInstanceOf(ReadableStream)
    expect(readdirSync(folder)).toEqual([])
    expect(Buffer.concat(chunks).equals(await readAll(content))).toBe(true)
  })

  test('stays in memory where there can be no file', async () => {
    const chunks = makeChunks(3_000_000)
    const content = (await spool('/no/such/folder', chunks)).take()
    expect(content).toBeInstanceOf(Uint8Array)
    expect(Buffer.concat(chunks).equals(await readAll(content))).toBe(true)
  })
})
