// `incant serve --otel` with the SDK of OpenTelemetry as people install it, and a receiver of OTLP on a socket: the spans
// of the process that serves and of the one that predicts arrive, whole, when the server has ended.
//
//   node tests/tools/otel.js FOLDER
import { strict as assert } from 'node:assert'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const INCANT = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))
const PACKAGES = ['sdk-node@0.223.0', 'api@1.9.1', 'instrumentation-undici@0.33.0'].map(
  name => `@opentelemetry/${name}`,
)
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'

const PREDICTOR = `import { BasePredictor } from 'incant'
export default class Greeter extends BasePredictor {
  async predict(payload: { fail?: boolean }) {
    if (payload.fail === true) throw new TypeError('cAnArY')
    return (await fetch(process.env.UPSTREAM ?? '')).text()
  }
}
`

const folder = process.argv[2] ?? '.'
writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
writeFileSync(join(folder, 'predictor.ts'), PREDICTOR)
run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES])

for (const workers of ['0', '1']) {
  const receiver = await startReceiver()
  const { statuses, log } = await serveAndCall(workers, receiver)
  receiver.close()
  assert.deepEqual(statuses, [200, 500])
  checkSpans(receiver, workers, log)
  console.log(`--workers ${workers}: ${receiver.spans.length} spans arrived, each where it belongs`)
}

function run(command, parameters) {
  const { status } = spawnSync(command, parameters, { cwd: folder, stdio: 'inherit' })
  assert.equal(status, 0, `${command} ${parameters.join(' ')}`)
}

/** Takes spans as JSON, and is what predict fetches. */
async function startReceiver() {
  const spans = []
  const upstream = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    if (request.url === '/v1/traces') spans.push(...readSpans(JSON.parse(Buffer.concat(chunks).toString())))
    else upstream.push(request.headers.traceparent)
    response.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}`, spans, upstream, close: () => server.close() }
}

function readSpans({ resourceSpans }) {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue
    const pid = resource.attributes.find(({ key }) => key === 'process.pid')?.value.intValue
    return scopeSpans.flatMap(({ spans }) => spans.map(span => ({ ...span, service, pid })))
  })
}

/** Serves, calls twice, and ends the server. */
async function serveAndCall(workers, { url }) {
  const env = {
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    // Nothing goes before the end: what arrives was flushed.
    OTEL_BSP_SCHEDULE_DELAY: '600000',
    UPSTREAM: `${url}/upstream`,
  }
  const words = ['serve', 'predictor.ts', '--otel', '--workers', workers, '--port', '0', '--drain-delay', '0s']
  const child = spawn(process.execPath, [INCANT, ...words], { cwd: folder, env })
  let log = ''
  child.stdout.on('data', chunk => {
    log += chunk
  })
  child.stderr.pipe(process.stderr)
  try {
    const served = await findURL(() => log)
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01` }
    const statuses = []
    for (const body of ['{}', '{"fail":true}'])
      statuses.push((await fetch(`${served}/predict?token=cAnArY`, { method: 'POST', headers, body })).status)
    child.kill('SIGTERM')
    await once(child, 'close')
    return { statuses, log }
  } finally {
    child.kill('SIGKILL')
  }
}

async function findURL(read) {
  for (let tries = 0; tries < 600; tries += 1) {
    const url = /"url":"([^"]+)"/.exec(read())?.[1]
    if (url !== undefined) return url
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`the server did not start:\n${read()}`)
}

function checkSpans({ spans, upstream }, workers, log) {
  const named = name => spans.filter(span => span.name === name)
  const [request] = named('POST /predict')
  const steps = workers === '0' ? ['queue', 'predict'] : ['queue', 'replica', 'predict']
  for (const name of ['POST /predict', ...steps]) assert.equal(named(name).length, 2, `two spans named ${name}`)
  for (const span of spans) {
    assert.equal(span.traceId, TRACE)
    assert.equal(span.service, 'Greeter')
  }
  assert.equal(request.parentSpanId, CALLER)
  const pids = new Set(spans.map(({ pid }) => pid))
  assert.equal(pids.size, workers === '0' ? 1 : 2)
  // The client's span is a child of predict's, and what it fetched was told so.
  const predict = named('predict').map(({ spanId }) => spanId)
  const fetched = spans.find(({ kind }) => kind === 3)
  assert.ok(predict.includes(fetched.parentSpanId))
  assert.deepEqual(upstream, [`00-${TRACE}-${fetched.spanId}-01`])
  assert.ok(!JSON.stringify(spans).includes('cAnArY'))
  assert.ok(log.includes(`"traceId":"${TRACE}","spanId":"${request.spanId}"`))
}
