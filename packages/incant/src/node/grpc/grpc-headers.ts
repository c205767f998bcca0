import type { HeaderReader } from '../../http/request-source.ts'
import type { GateRefusal } from '../gate/gate-refusal.ts'
import { HEADERS_TOO_LARGE, type HeadLimits, TOO_MANY_HEADERS } from '../gate/inspect-request.ts'
import type { GRPCMetadata } from './grpc-module.ts'

/** Names that metadata may have. */
const NAME = /^[0-9a-z_.-]+$/i

/** The metadata of a call, with the interface of the web's headers. What is binary there is no header. */
export class GRPCHeaders implements HeaderReader {
  readonly #metadata: GRPCMetadata

  constructor(metadata: GRPCMetadata) {
    this.#metadata = metadata
  }

  get(name: string): string | null {
    if (!NAME.test(name)) return null
    const texts = this.#metadata.get(name).filter(value => typeof value === 'string')
    return texts.length === 0 ? null : texts.join(', ')
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }
}

/** Looks at the metadata of a call as the gate of HTTP/1.1 looks at a head. Undefined where all is well. */
export function inspectMetadata(metadata: GRPCMetadata, limits: HeadLimits): GateRefusal | undefined {
  let [lines, bytes] = [0, 0]
  for (const name of Object.keys(metadata.getMap())) {
    for (const value of metadata.get(name)) {
      lines += 1
      bytes += name.length + value.length + 4
    }
  }
  if (lines > limits.maxHeaderCount) return TOO_MANY_HEADERS
  if (bytes > limits.maxHeaderSize) return HEADERS_TOO_LARGE
  return metadata.get('authorization').length > 1 ? REPEATED_AUTHORIZATION : undefined
}

const REPEATED_AUTHORIZATION: GateRefusal = {
  code: 'malformed_credentials',
  detail: 'There is more than one authorization entry.',
}
