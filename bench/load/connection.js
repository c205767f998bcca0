import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * A connection that is kept alive, with one request in flight. It knows as much of HTTP as an answer with a
 * Content-Length needs, so that the load takes little of the machine, and looks at every byte of the answer's body.
 */
export class HttpConnection {
  #socket
  #expected
  #received = ''
  #sentAt = 0
  #pending

  /**
   * @param {number} port on this machine
   * @param {string} expected the body that every answer must have
   */
  constructor(port, expected) {
    this.#expected = expected
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.opened = once(this.#socket, 'connect')
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', text => this.#take(text))
    this.#socket.on('error', error => this.#pending?.reject(error))
    this.#socket.on('close', () => this.#pending?.reject(new Error('the server closed the connection')))
  }

  /**
   * Sends a request.
   *
   * @param {Buffer} request
   * @returns {Promise<number>} the milliseconds until its answer was there
   */
  exchange(request) {
    this.#sentAt = performance.now()
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close() {
    this.#pending = undefined
    this.#socket.destroy()
  }

  #take(text) {
    this.#received += text
    const headEnd = this.#received.indexOf('\r\n\r\n')
    if (headEnd === -1) return
    const head = this.#received.slice(0, headEnd)
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1])
    const body = this.#received.slice(headEnd + 4)
    if (body.length < length) return
    this.#received = ''
    this.#settle(head, body)
  }

  #settle(head, body) {
    const { resolve, reject } = this.#pending
    if (head.startsWith('HTTP/1.1 200 ') && body === this.#expected) resolve(performance.now() - this.#sentAt)
    else reject(new Error(`a wrong answer: ${head.split('\r\n', 1)[0]}, ${body.slice(0, 200)}`))
  }
}
