import { createHash } from 'node:crypto'
import { BasePredictor } from 'incant'

/** Reads the request's body as it comes, no faster than it can be hashed: slower than a caller on this machine sends. */
export default class Raw extends BasePredictor {
  predict(request: Request): Promise<Digest> {
    return digest(request.body)
  }
}

/** The same, handed the stream alone. */
export class Streamed extends BasePredictor {
  predict(body: ReadableStream<Uint8Array>): Promise<Digest> {
    return digest(body)
  }
}

interface Digest {
  bytes: number
  sha256: string
}

async function digest(body: ReadableStream<Uint8Array> | null): Promise<Digest> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of body ?? []) {
    hash.update(chunk)
    bytes += chunk.byteLength
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Forms, with files that predict gets whole. */
export class Forms extends BasePredictor {
  predict(form: FormData): number {
    return [...form.values()].length
  }
}
