import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const root = new protobuf.Root().loadSync(fileURLToPath(new URL('../../proto/inference.proto', import.meta.url)), {
  keepCase: true,
})

/** A message type of the protocol, as protobufjs reads and writes it. */
export function typeOf(name: string): protobuf.Type {
  return root.lookupType(`inference.${name}`)
}

/** Writes a message with protobufjs. */
export function write(name: string, message: object): Uint8Array {
  const type = typeOf(name)
  return Uint8Array.from(type.encode(type.fromObject(message)).finish())
}

/** Reads a message with protobufjs: `int64` as text, bytes as base64. */
export function read(name: string, bytes: Uint8Array): unknown {
  const type = typeOf(name)
  return type.toObject(type.decode(bytes), { longs: String, bytes: String, json: true })
}
