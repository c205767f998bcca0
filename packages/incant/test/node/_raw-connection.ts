import { connect, type Socket } from 'node:net'

/** A response as it came over the wire. */
export interface RawResponse {
  readonly status: number
  readonly version: string
  /** Every value of a header, by lower-cased name. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly head: string
  readonly body: string
}

/** A socket that says exactly what a test tells it to. */
export class RawConnection {
  readonly socket: Socket
  received = ''
  /** Settles with whether the peer reset it. */
  readonly closed: Promise<'ended' | 'reset'>

  private constructor(socket: Socket) {
    this.socket = socket
    let how: 'ended' | 'reset' = 'ended'
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.received += text
    })
    socket.on('error', () => {
      how = 'reset'
    })
    this.closed = new Promise(resolve => socket.once('close', () => resolve(how)))
  }

  /** Connects to the server at a URL. */
  static async open(url: string, localAddress?: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url)
    // Addresses of IPv6 have brackets in a URL alone.
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    const socket = connect({ host, port: Number(port), localAddress, allowHalfOpen: false })
    const connection = new RawConnection(socket)
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return connection
  }

  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** Waits until what has been received satisfies a condition, or the connection is closed. */
  async until(condition: (received: string) => boolean): Promise<string> {
    while (!condition(this.received) && !this.socket.closed) {
      await new Promise(resolve => {
        const settle = () => {
          this.socket.off('data', settle).off('close', settle)
          resolve(undefined)
        }
        this.socket.on('data', settle).on('close', settle)
      })
    }
    return this.received
  }

  /** The next whole response with a Content-Length; it is taken out of what has been received. */
  async response(): Promise<RawResponse> {
    await this.until(received => completeLength(received) !== undefined)
    const length = completeLength(this.received) ?? this.received.length
    const response = parseResponse(this.received.slice(0, length))
    this.received = this.received.slice(length)
    return response
  }

  destroy(): void {
    this.socket.destroy()
  }
}

function completeLength(received: string): number | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, end))?.[1]
  if (length === undefined) return undefined
  const total = end + 4 + Number(length)
  return received.length >= total ? total : undefined
}

/** Takes a response apart. */
export function parseResponse(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n')
  const head = end === -1 ? text : text.slice(0, end)
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const [name = '', ...value] = line.split(':')
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value.join(':').trim()])
  }
  const [version = '', status = ''] = statusLine.split(' ')
  return { version, status: Number(status), headers, head, body: end === -1 ? '' : text.slice(end + 4) }
}

/** Sends bytes over a connection of their own and returns everything that comes back until it is closed. */
export async function talk(url: string, text: string, localAddress?: string): Promise<RawResponse> {
  const connection = await RawConnection.open(url, localAddress)
  connection.send(text)
  await connection.closed
  return parseResponse(connection.received)
}
