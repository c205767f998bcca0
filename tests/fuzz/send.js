import { connect } from 'node:net'

/** Time in which a request must have an answer, or its connection an end, in milliseconds: past it the server hangs. */
const PATIENCE = 20_000

/** Time without another byte after which an answer on a connection that stays open is taken to be all there. */
const SILENCE = 150

/**
 * Sends bytes over a connection of their own. Everything that comes back, until the server closes it or says no more.
 *
 * @param {number} port
 * @param {Buffer} bytes
 * @returns {Promise<{ received: string, hangs: boolean }>}
 */
export function send(port, bytes) {
  return new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    let received = ''
    let silence
    const finish = hangs => {
      clearTimeout(silence)
      clearTimeout(patience)
      socket.destroy()
      resolve({ received, hangs })
    }
    const patience = setTimeout(() => finish(received === ''), PATIENCE)
    socket.setEncoding('latin1')
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', text => {
      received += text
      clearTimeout(silence)
      if (!/^HTTP\/1\.1 100/.test(received) || received.includes('\r\n\r\nHTTP'))
        silence = setTimeout(finish, SILENCE, false)
    })
    socket.on('error', () => finish(false))
    socket.on('close', () => finish(false))
  })
}

/** A whole request. */
export function toBytes({ headers, body }) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [
    'POST /predict HTTP/1.1',
    'Host: localhost',
    ...lines,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

/** The statuses of all answers. */
export function statusesOf(received) {
  return [...received.matchAll(/(?:^|\n|\}|\r\n)HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}
