// A model behind node:http, by hand: a process with the sockets and one that runs the model, and nothing else. No checks, no limits, no
// log, no errors: what two processes of Node can do at most with this work.
//
//   node by-hand.js PORT TASK
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

const [port, task] = process.argv.slice(2)
const child = spawn(process.execPath, [fileURLToPath(new URL('by-hand-model.js', import.meta.url)), task], {
  stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
})
const line = child.stdio[3]
/** Those who wait, in order: the model answers in order. */
const waiting = []
let pending = []

line.on('data', labels => {
  for (let at = 0; at < labels.length; at += 4) {
    const response = waiting.shift()
    const text = `{"label":${labels.readInt32LE(at)}}`
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length }).end(text)
  }
})

createServer((request, response) => {
  if (request.method === 'GET') {
    response.end()
    return
  }
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const { data } = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    waiting.push(response)
    if (pending.length === 0) setImmediate(send)
    pending.push(Buffer.from(Float32Array.from(data).buffer))
  })
}).listen(Number(port), '127.0.0.1')

/** All that came in one turn at once. */
function send() {
  line.write(pending.length === 1 ? pending[0] : Buffer.concat(pending))
  pending = []
}
