// Says what it is told to, in whatever network it runs: standard input has a JSON array of { host, port, localAddress,
// bytes }, standard output one of what came back: { text }, or { error }. Each goes over a TLS connection of its own.
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'

/** Time in which a connection has to be made, in milliseconds: one that is forged never is. */
const PATIENCE = 3000
const AT_ONCE = 8

const calls = JSON.parse(await text(process.stdin))
const answers = []
while (answers.length < calls.length) {
  const next = calls.slice(answers.length, answers.length + AT_ONCE)
  answers.push(...(await Promise.all(next.map(say))))
}
process.stdout.write(JSON.stringify(answers))

function say({ bytes, host, port, localAddress }) {
  return new Promise(resolve => {
    // Who answers is not the question here, but what.
    const socket = connect({ host, port, localAddress, rejectUnauthorized: false })
    const late = setTimeout(() => socket.destroy(new Error('no connection')), PATIENCE)
    let received = ''
    socket.setEncoding('latin1').on('data', chunk => {
      received += chunk
    })
    socket.once('secureConnect', () => {
      clearTimeout(late)
      socket.write(bytes, 'latin1')
    })
    socket.once('error', error => resolve({ error: error.code ?? error.message }))
    socket.once('close', () => resolve({ text: received }))
  })
}
