import { type ChannelCredentials, Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { onTestFinished } from 'vitest'

const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes)

/** What a call gave: its message, or its status, and what came beside them. */
export interface Called {
  readonly code: number
  readonly details: string
  readonly message: Uint8Array | undefined
  /** Metadata of the head. */
  readonly head: Readonly<Record<string, unknown>>
  /** Metadata of the end. */
  readonly end: Readonly<Record<string, unknown>>
}

/** How a call is made. */
export interface CallOptions {
  readonly metadata?: Readonly<Record<string, string | readonly string[]>>
  /** Milliseconds. */
  readonly deadline?: number
  readonly signal?: AbortSignal
}

/** A client that knows no messages: it sends bytes, and gets some. */
export interface BareClient {
  call(path: string, message?: Uint8Array, options?: CallOptions): Promise<Called>
  /** Every message of a call, as it comes; `next` fails with the status of the call. */
  watch(path: string, message?: Uint8Array): AsyncIterator<Uint8Array>
  close(): void
}

/** A client of an address, closed when the test is over. */
export function clientOf(
  address: string | undefined,
  secure: ChannelCredentials = credentials.createInsecure(),
  options: object = {},
): BareClient {
  const client = new Client(address ?? '', secure, {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    // Each client has connections of its own.
    'grpc.use_local_subchannel_pool': 1,
    ...options,
  })
  onTestFinished(() => client.close())
  return {
    call: (path, message = new Uint8Array(), how = {}) => call(client, { path, message, how }),
    watch: (path, message = new Uint8Array()) => watch(client, path, message),
    close: () => client.close(),
  }
}

interface Made {
  readonly path: string
  readonly message: Uint8Array
  readonly how: CallOptions
}

function call(client: Client, { path, message, how }: Made): Promise<Called> {
  const { deadline, signal } = how
  const options = deadline === undefined ? {} : { deadline: Date.now() + deadline }
  return new Promise(resolve => {
    let head: Called['head'] = {}
    let body: Uint8Array | undefined
    let failure: ServiceError | null = null
    const made = client.makeUnaryRequest(path, asIs, asIs, message, metadataOf(how), options, (error, value) => {
      failure = error
      body = value === undefined ? undefined : Uint8Array.from(value)
    })
    made.on('metadata', (metadata: Metadata) => {
      head = metadata.getMap()
    })
    made.on('status', ({ code, details, metadata }) => {
      // The callback comes in the same turn.
      setImmediate(() => resolve({ code: failure?.code ?? code, details, message: body, head, end: metadata.getMap() }))
    })
    signal?.addEventListener('abort', () => made.cancel())
  })
}

function metadataOf({ metadata: entries = {} }: CallOptions): Metadata {
  const metadata = new Metadata()
  for (const [name, values] of Object.entries(entries))
    for (const value of [values].flat()) metadata.add(name, String(value))
  return metadata
}

async function* watch(client: Client, path: string, message: Uint8Array): AsyncGenerator<Uint8Array> {
  const stream = client.makeServerStreamRequest(path, asIs, asIs, message)
  onTestFinished(() => stream.cancel())
  for await (const received of stream) yield received as Uint8Array
}
