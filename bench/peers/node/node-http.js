// Node's own server: no checks of any kind, no log.
import { createServer } from 'node:http'
import { readCommand, tasks } from './tasks.js'

const { port, hostname, task } = readCommand()
const predict = tasks[task]
const read = task === 'bytes' ? body => body : body => JSON.parse(body.toString())

const server = createServer((incoming, outgoing) => {
  const chunks = []
  incoming.on('data', chunk => chunks.push(chunk))
  incoming.on('end', () => {
    if (incoming.method === 'GET') outgoing.end()
    else answer(predict(read(Buffer.concat(chunks))), outgoing)
  })
})

async function answer(result, outgoing) {
  if (task === 'stream') return stream(result, outgoing)
  const body = JSON.stringify(result)
  outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
  outgoing.end(body)
}

async function stream(items, outgoing) {
  outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' })
  for await (const item of items) {
    if (!outgoing.write(`data: ${JSON.stringify(item)}\n\n`)) await new Promise(go => outgoing.once('drain', go))
  }
  outgoing.end()
}

server.listen(port, hostname)
