// Hono on its Node adapter, as its documentation begins: no checks, no log.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { namedWorkload } from '../workloads.js'
import { announce } from './under-measurement.js'

const { predict } = namedWorkload()

const app = new Hono()
app.post('/predict', async context => context.json(predict(await context.req.json())))

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => announce(port))
