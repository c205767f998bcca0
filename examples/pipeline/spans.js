// Writes every span to a file, a line each, in the front and in each replica: NODE_OPTIONS='--import ./spans.js'.
import { appendFileSync } from 'node:fs'
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'

const file = process.env.SPANS_FILE

const exporter = {
  export(spans, done) {
    for (const span of spans) appendFileSync(file, `${JSON.stringify(describe(span))}\n`)
    done({ code: 0 })
  },
  shutdown: async () => {},
}

function describe(span) {
  const { traceId } = span.spanContext()
  return { traceId, name: span.name, model: span.attributes['incant.model'], pid: process.pid }
}

if (file !== undefined) new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register()
