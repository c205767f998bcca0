import { RequestError } from '../../errors/request-error.ts'
import type { Answer } from '../../http/answer.ts'
import type { RequestSource } from '../../http/request-source.ts'
import type { ClientCertificate, ResponseEnd, Transport } from '../../http/transport.ts'
import { tooLarge } from '../../http/web-transport.ts'
import type { Judgement } from '../../network/network-policy.ts'
import type { GRPCConnection } from './grpc-connections.ts'
import { GRPCHeaders } from './grpc-headers.ts'
import type { GRPCCall, GRPCMetadata } from './grpc-module.ts'
import { type GRPCStatus, statusOf, unimplemented } from './grpc-status.ts'

/** Options of {@link GRPCTransport}. */
export interface GRPCTransportOptions {
  readonly call: GRPCCall
  readonly connection: GRPCConnection
  readonly judgement: Judgement
  /** Milliseconds in which the message has to arrive. */
  readonly bodyTimeout: number
  /** Milliseconds that a caller may take for each MiB of its answer. */
  readonly stallTimeout: number
  /** Called where the caller takes longer. */
  readonly onStalled: () => void
  /** Whether the call asks how the server is. */
  readonly isProbe: boolean
  readonly makeMetadata: () => GRPCMetadata
  /** The error for a call that the library itself ended. Undefined: the caller has left. */
  readonly endOfLibrary: () => RequestError | undefined
}

/** Entries of an answer that its caller gets beside the status. */
const SENT = ['x-request-id', 'retry-after', 'www-authenticate']

/** One call and its answer: the request and the response that the application sees. */
export class GRPCTransport implements Transport {
  readonly connection: GRPCConnection
  readonly isProbe: boolean
  /** Gives back its turn among the calls of the server, or its place among those that wait. */
  leaveTurn: (() => void) | undefined
  readonly #call: GRPCCall
  readonly #options: GRPCTransportOptions
  #over: ResponseEnd | undefined
  #onEnd: ((end: ResponseEnd) => void) | undefined
  #failBody: ((error: RequestError) => void) | undefined
  #requestBytes = 0

  constructor(options: GRPCTransportOptions) {
    this.connection = options.connection
    this.isProbe = options.isProbe
    this.#call = options.call
    this.#options = options
    options.call.once('cancelled', () => this.#onCancelled())
  }

  get address(): string | undefined {
    return this.#options.judgement.client
  }

  get scheme(): 'http' | 'https' {
    return this.connection.isEncrypted ? 'https' : 'http'
  }

  get authority(): string | undefined {
    return this.#options.judgement.authority
  }

  get isInsider(): boolean | undefined {
    // On a listener without rules, no caller has been found to be an insider.
    const { isAnswered, isInsider } = this.#options.judgement
    return isAnswered === isInsider ? isInsider : undefined
  }

  get certificate(): ClientCertificate | undefined {
    return this.connection.certificate
  }

  /** Whether the library has ended the call, or its caller has. */
  get isOver(): boolean {
    return this.#over !== undefined
  }

  /** The call as a request. */
  get source(): RequestSource {
    const path = this.#call.getPath()
    const deadline = Number(this.#call.getDeadline()) - Date.now() + performance.now()
    return {
      ...{ method: 'POST', path, target: path, transport: this, headers: new GRPCHeaders(this.#call.metadata) },
      deadline,
      toRequest: () => new Request(`http://localhost${path}`, { method: 'POST' }),
    }
  }

  /** The message of the caller: exactly one. */
  readBody(maximum: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => fail(new RequestError('request_timeout')), this.#options.bodyTimeout)
      const fail = (error: RequestError): void => {
        clearTimeout(timer)
        reject(error)
      }
      let message: Buffer | undefined
      this.#failBody = fail
      this.#call.on('data', (received: Buffer) => {
        if (message !== undefined) fail(new RequestError('bad_request', { detail: 'The method takes one message.' }))
        if (received.byteLength > maximum) fail(tooLarge(maximum))
        message = received
        this.#requestBytes += received.byteLength
      })
      this.#call.once('end', () => {
        clearTimeout(timer)
        if (message !== undefined) resolve(message)
        else fail(new RequestError('bad_request', { detail: 'The method takes a message, and none came.' }))
      })
      if (this.isOver) fail(new RequestError('client_closed'))
    })
  }

  /** A message has no parts. */
  streamBody(): null {
    return null
  }

  onEnd(listener: (end: ResponseEnd) => void): void {
    this.#onEnd = listener
    if (this.#over !== undefined) listener(this.#over)
  }

  /**
   * Sends an answer.
   *
   * @param isOpen - More messages follow it, on the call itself.
   */
  send(answer: Answer | Response, isOpen = false): void {
    const { body, status } = answer
    if (this.isOver) return
    const metadata = this.#metadataOf(answer)
    if (status !== 200 || !(body instanceof Uint8Array)) this.#refuse(this.#statusOf(answer), metadata)
    else {
      this.#call.sendMetadata(metadata)
      this.#write(body, isOpen)
    }
  }

  #write(body: Uint8Array, isOpen: boolean): void {
    const patience = this.#options.stallTimeout * Math.ceil((body.byteLength + 1) / 1_048_576)
    const timer = setTimeout(this.#options.onStalled, patience)
    const bytes = { bytes: body.byteLength, requestBytes: this.#requestBytes, responseBytes: body.byteLength }
    this.#call.once('close', () => clearTimeout(timer))
    this.#call.write(body, error => {
      clearTimeout(timer)
      if (error) return
      this.#end({ aborted: false, ...bytes })
      if (!isOpen) this.#call.end()
    })
  }

  #refuse(status: GRPCStatus, metadata: GRPCMetadata): void {
    this.#end({ aborted: false, bytes: 0, requestBytes: this.#requestBytes, responseBytes: 0 })
    refuseCall(this.#call, status, metadata)
  }

  #statusOf(answer: Answer | Response): GRPCStatus {
    return this.isInsider === false ? unimplemented(this.#call.getPath()) : statusOf(answer)
  }

  #metadataOf({ headers }: Answer | Response): GRPCMetadata {
    const metadata = this.#options.makeMetadata()
    // For a caller outside of the network nothing is here that could have answered.
    if (this.isInsider === false) return metadata
    const lines = headers instanceof Headers ? [...headers] : Object.entries(headers)
    for (const [name, value] of lines) {
      const key = name.toLowerCase()
      if (SENT.includes(key)) for (const line of [value].flat()) addEntry(metadata, key, line)
    }
    return metadata
  }

  /** The library says so at every end; what it has ended itself, or the caller, we have not. */
  #onCancelled(): void {
    const thrown = this.#options.endOfLibrary()
    this.#end({
      aborted: true,
      requestBytes: this.#requestBytes,
      ...(thrown === undefined ? {} : { failure: { thrown } }),
    })
  }

  #end(end: ResponseEnd): void {
    if (this.#over !== undefined) return
    this.#over = end
    this.#failBody?.(
      end.failure === undefined ? new RequestError('client_closed') : (end.failure.thrown as RequestError),
    )
    this.leaveTurn?.()
    this.#onEnd?.(end)
  }
}

/** Ends a call with a status. */
export function refuseCall(call: GRPCCall, status: GRPCStatus, metadata?: GRPCMetadata): void {
  // The library ends its calls with the status of an error event.
  call.emit('error', Object.assign(new Error(status.details), status, metadata === undefined ? {} : { metadata }))
}

/** Metadata is printable ASCII; what is not, such as a realm in another script, is left out. */
function addEntry(metadata: GRPCMetadata, name: string, value: string): void {
  if (/^[ -~]*$/.test(value)) metadata.add(name, value)
}
