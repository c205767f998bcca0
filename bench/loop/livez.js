// A separate process that polls /livez and /health of a server, and a bare server beside it, until it is told to stop.
import { Agent, createServer, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

/** Milliseconds between two questions. */
const PAUSE = 4

const agent = new Agent({ keepAlive: true })

if (isMainThread) {
  // The bare server is a thread, so that it waits for a processor as the one that is measured does.
  const bare = new Worker(fileURLToPath(import.meta.url))
  const port = await new Promise(resolve => bare.once('message', resolve))
  // The bench may have been ended.
  process.once('disconnect', () => process.exit())
  let asking = false
  process.on('message', async message => {
    if (message.url === undefined) {
      asking = false
      return
    }
    asking = true
    const found = { livez: [], health: [], bare: [] }
    while (asking) {
      found.bare.push(await ask(`http://127.0.0.1:${port}/`))
      found.livez.push(await ask(`${message.url}/livez`))
      if (message.health) found.health.push(await ask(`${message.url}/health`))
      await sleep(PAUSE)
    }
    process.send(found)
  })
} else {
  const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
    parentPort.postMessage(server.address().port)
  })
}

function ask(url) {
  const sentAt = performance.now()
  return new Promise((resolve, reject) => {
    request(url, { agent }, response => {
      response.resume().on('end', () => resolve(performance.now() - sentAt))
    })
      .on('error', reject)
      .end()
  })
}
