// Registers a real SDK. Imported by a test, and by the predictors of replicas, which write their spans to a file.
import { appendFileSync } from 'node:fs'
import { context, propagation, trace } from '@opentelemetry/api'
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'

/** Registers an SDK whose spans are given to a function as they end. */
export function registerSDK(onSpan) {
  const exporter = {
    export(spans, done) {
      for (const span of spans) onSpan(describeSpan(span))
      done({ code: 0 })
    },
    shutdown: async () => {},
  }
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register()
}

export function unregisterSDK() {
  trace.disable()
  propagation.disable()
  context.disable()
}

function describeSpan(span) {
  const { traceId, spanId, traceState } = span.spanContext()
  return {
    ...{ name: span.name, kind: span.kind, traceId, spanId, parent: span.parentSpanContext?.spanId },
    ...{ attributes: span.attributes, status: span.status.code, events: span.events, pid: process.pid },
    traceState: traceState?.serialize(),
  }
}

const file = process.env['SPANS_FILE']
if (file !== undefined && process.env['INCANT_REPLICA'] !== undefined)
  registerSDK(span => appendFileSync(file, `${JSON.stringify(span)}\n`))

/** Does some work in a span of its own. */
export function within(name, work) {
  return trace.getTracer('around').startActiveSpan(name, async span => {
    try {
      return await work()
    } finally {
      span.end()
    }
  })
}

/** The span that is active here. */
export function activeSpanId() {
  return trace.getActiveSpan()?.spanContext().spanId
}
