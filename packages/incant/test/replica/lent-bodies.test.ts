import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { BodyClass } from '../../src/signature/signature.ts'
import { signatureOf } from '../app/_serving.ts'
import { eventually } from '../node/_served.ts'
import { NOTHING, type ReplicaOptions, type ServedReplicas, serveReplicas } from './_replicas.ts'

const BLOCK = 262_144

/** A process that was stopped takes a while to be heard of again. */
const SLOW = { timeout: 60_000, tags: ['slow'] }

interface Received {
  readonly kind: string
  readonly type: string | null
  readonly digest: string
  readonly pid: number
}

function serveDigests(bodyClass: BodyClass, options: ReplicaOptions = {}): Promise<ServedReplicas> {
  const role = bodyClass === 'Blob' || bodyClass === 'File' ? 'blob' : 'bytes'
  return serveReplicas('digests.js', { signature: signatureOf({ role, bodyClass }), ...options })
}

const digestOf = (body: Buffer): string => createHash('sha256').update(body).digest('hex')

/** Sends a body in pieces of a size, with its length or in chunks, and gives what predict received. */
async function send({ server }: ServedReplicas, body: Buffer, { pieces = 65_536, isChunked = false } = {}) {
  const headers = {
    'content-type': 'application/x-weights',
    ...(isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.byteLength }),
  }
  const outgoing = request(`${server.url}/predict`, { method: 'POST', headers, agent: false })
  const answered = new Promise<{ status: number | undefined; received: Received }>((resolve, reject) => {
    outgoing.on('error', reject).on('response', async incoming => {
      const text = (await incoming.toArray()).join('')
      resolve({ status: incoming.statusCode, received: JSON.parse(text) as Received })
    })
  })
  for (let at = 0; at < body.byteLength; at += pieces) {
    if (!outgoing.write(body.subarray(at, at + pieces))) await new Promise(resolve => outgoing.once('drain', resolve))
  }
  outgoing.end()
  return answered
}

describe('a large body of bytes', () => {
  it.each(['Uint8Array', 'ArrayBuffer', 'Buffer', 'Blob', 'File'] as const)('is a %s of all its bytes', async kind => {
    const served = await serveDigests(kind)
    for (const size of [131_072, 131_073, BLOCK - 1, BLOCK, BLOCK + 1, 3_000_000]) {
      for (const isChunked of [false, true]) {
        const body = randomBytes(size)
        const { status, received } = await send(served, body, { isChunked })
        expect({ size, status, digest: received.digest }).toEqual({ size, status: 200, digest: digestOf(body) })
        expect(received).toMatchObject({ kind, type: received.type && 'application/x-weights' })
      }
    }
    expect(served.engine.load).toEqual(NOTHING)
  })

  it('has no bytes of another one, however many arrive at once, in pieces of any size', async () => {
    const served = await serveDigests('Uint8Array')
    const callers = Array.from({ length: 12 }, async (_, caller) => {
      for (let round = 0; round < 4; round += 1) {
        const body = randomBytes(131_073 + ((caller * 7919 + round * 104_729) % 1_500_000))
        const { received } = await send(served, body, { pieces: 1000 + caller * 9973, isChunked: caller % 2 === 0 })
        expect(received.digest).toBe(digestOf(body))
      }
    })
    await Promise.all(callers)
    expect(served.engine.load).toEqual(NOTHING)
  })

  it('that is empty after all is empty', async () => {
    const { status, received } = await send(await serveDigests('Uint8Array'), Buffer.alloc(0), { isChunked: true })
    expect({ status, digest: received.digest }).toEqual({ status: 200, digest: digestOf(Buffer.alloc(0)) })
  })

  it('past the limit is refused, and whole ones beside it are not touched', async () => {
    const served = await serveDigests('Uint8Array', { maxBodySize: 1_000_000 })
    const body = randomBytes(900_000)
    const [fits, ...others] = await Promise.all([
      send(served, body),
      ...[1, 2, 3].map(() =>
        send(served, randomBytes(1_100_000), { isChunked: true }).catch(() => ({ status: 'cut' as const })),
      ),
    ])
    expect(fits.received.digest).toBe(digestOf(body))
    for (const { status } of others) expect([413, 'cut']).toContain(status)
  })

  it('goes to the other replica whole where the first one stands still, and others keep theirs', SLOW, async () => {
    const served = await serveDigests('Uint8Array', { workers: 2, requestTimeout: '60s' })
    const pid = served.engine.replicas[0]?.pid ?? Number.NaN
    process.kill(pid, 'SIGSTOP')
    const sendMany = () =>
      Promise.all(
        Array.from({ length: 8 }, async () => {
          const body = randomBytes(1_000_000)
          const { received } = await send(served, body)
          expect(received.digest).toBe(digestOf(body))
          return received.pid
        }),
      )
    expect(await sendMany()).not.toContain(pid)
    process.kill(pid, 'SIGCONT')
    await sendMany()
    await eventually(() => served.engine.load.running === 0)
  })

  it('of a caller that leaves leaves nothing in those that follow', async () => {
    const served = await serveDigests('Uint8Array')
    for (let round = 0; round < 5; round += 1) {
      const outgoing = request(`${served.server.url}/predict`, {
        method: 'POST',
        headers: { 'content-length': 2_000_000 },
      })
      outgoing.on('error', () => {})
      await new Promise(resolve => outgoing.write(randomBytes(500_000), resolve))
      outgoing.destroy()
      const body = randomBytes(600_000)
      expect((await send(served, body)).received.digest).toBe(digestOf(body))
    }
  })
})
