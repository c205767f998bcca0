// Hono on its Node adapter, as its documentation begins: no checks, no log.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { readCommand, tasks } from './tasks.js'

const { port, hostname, task } = readCommand()
const predict = tasks[task]

const app = new Hono()
app.get('/ready', context => context.body(null))
app.post('/predict', async context => {
  if (task === 'stream') return stream(context, await context.req.json())
  const payload = task === 'bytes' ? new Uint8Array(await context.req.arrayBuffer()) : await context.req.json()
  return context.json(predict(payload))
})

function stream(context, payload) {
  return streamSSE(context, async events => {
    for await (const item of predict(payload)) await events.writeSSE({ data: JSON.stringify(item) })
  })
}

serve({ fetch: app.fetch, port, hostname })
