// The floor: Node's own server, JSON.parse and JSON.stringify where it is JSON, no checks of any kind.
import { createServer } from 'node:http'
import { namedWorkload } from '../workloads.js'
import { announce } from './under-measurement.js'

const { decode, predict } = namedWorkload()

const server = createServer((incoming, outgoing) => {
  const chunks = []
  incoming.on('data', chunk => chunks.push(chunk))
  incoming.on('end', () => {
    const body = JSON.stringify(predict(decode(Buffer.concat(chunks))))
    outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    outgoing.end(body)
  })
})

server.listen(0, '127.0.0.1', () => announce(server.address().port))
