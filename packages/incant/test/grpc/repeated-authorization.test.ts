import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { bearerAuth } from '../../src/auth/index.ts'
import { SERVICE, Simple, serveGRPC } from './_simple.ts'

class Guarded extends Simple {}
bearerAuth({ tokens: 'good-token' })(Guarded)

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
/** Types and flags of frames (RFC 9113 §6). */
const [DATA, HEADERS, SETTINGS] = [0, 1, 4]
const [END_STREAM, END_HEADERS] = [1, 4]

function frame(type: number, flags: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.set([type, flags], 3)
  // Frames of settings are those of the connection.
  head.writeUInt32BE(type === SETTINGS ? 0 : 1, 5)
  return Buffer.concat([head, payload])
}

/** A field that is in no table, without compression (RFC 7541 §6.2.2). */
function field(name: string, value: string): Buffer {
  return Buffer.from(
    `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`,
    'latin1',
  )
}

/** A call, each of whose entries goes out: clients made for HTTP/2 refuse to repeat one. */
function callWith(authorizations: readonly string[]): Buffer {
  const fields = [
    field(':method', 'POST'),
    field(':scheme', 'http'),
    field(':path', `${SERVICE}/ServerMetadata`),
    field(':authority', 'localhost'),
    field('content-type', 'application/grpc'),
    field('te', 'trailers'),
    ...authorizations.map(authorization => field('authorization', authorization)),
  ]
  return Buffer.concat([
    PREFACE,
    frame(SETTINGS, 0, Buffer.alloc(0)),
    frame(HEADERS, END_HEADERS, Buffer.concat(fields)),
    frame(DATA, END_STREAM, Buffer.alloc(5)),
  ])
}

const GOOD = 'Bearer good-token'
const OTHER = 'Bearer other'

test.each([
  ['one that is right', [GOOD], 200],
  ['one that is wrong', [OTHER], 401],
  ['two, the first of them right', [GOOD, OTHER], 400],
  ['two, the second of them right', [OTHER, GOOD], 400],
  ['the same twice', [GOOD, GOOD], 400],
])('of entries with credentials there is %s', async (_what, authorizations, status) => {
  const { server, requests } = await serveGRPC(Guarded)
  const [host, port] = server.grpcAddress?.split(':') ?? []
  const socket = connect(Number(port), host)
  onTestFinished(() => void socket.destroy())
  socket.write(callWith(authorizations))
  socket.resume()
  await expect.poll(() => requests().map(request => request['status'])).toEqual([status])
})
