import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ProxyTracerProvider,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { HeaderReader } from '../http/request-source.ts'
import { describeIds, OwnSpan, RequestSpan } from './spans.ts'
import type { TracedRequest, Tracing } from './tracing.ts'

/**
 * Tracing with the OpenTelemetry SDK that this program has registered, for {@link createApp}; `serve` of `incant/node`
 * finds it by itself.
 *
 * @returns Undefined where none is registered: then nothing is traced, and it costs nothing.
 * @example
 * ```ts
 * const app = createApp(Predictor, { tracing: openTelemetry() })
 * ```
 */
export function openTelemetry(): Tracing | undefined {
  const tracer = findTracer()
  return tracer && makeTracing(tracer)
}

/** Looked up once: the placeholder before an SDK is set up has no tracer. */
function findTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider()
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer('incant') : provider.getTracer('incant')
}

function makeTracing(tracer: Tracer): Tracing {
  return {
    begin(request) {
      const active = context.active()
      // Where the program around us traces its HTTP server, the request has a span already.
      const isNested = isSpanContextValid(trace.getSpanContext(active) ?? NO_SPAN)
      const parent = isNested ? active : propagation.extract(ROOT_CONTEXT, request.headers, HEADERS)
      const kind = isNested ? SpanKind.INTERNAL : SpanKind.SERVER
      const name = request.route === '*' ? request.method : `${request.method} ${request.route}`
      const span = tracer.startSpan(name, { kind, attributes: describeRequest(request) }, parent)
      return new RequestSpan(tracer, span, trace.setSpan(parent, span))
    },
    resume(carrier) {
      const parent: Context = propagation.extract(ROOT_CONTEXT, carrier)
      return { step: (name, attributes) => new OwnSpan(tracer, name, { parent, attributes }) }
    },
    identify(logger) {
      return {
        level: logger.level,
        log: (level, message, fields) =>
          logger.log(level, message, { ...describeIds(trace.getActiveSpan()), ...fields }),
      }
    },
  }
}

const NO_SPAN = { traceId: '', spanId: '', traceFlags: 0 }

const HEADERS = {
  get: (headers: HeaderReader, name: string) => headers.get(name) ?? undefined,
  keys: () => [],
}

/** By the semantic conventions for HTTP servers. */
function describeRequest({ id, method, route, path, scheme, address }: TracedRequest): Attributes {
  return {
    'http.request.method': method,
    'url.path': path,
    'incant.request_id': id,
    ...(route === '*' ? {} : { 'http.route': route }),
    ...(scheme === undefined ? {} : { 'url.scheme': scheme }),
    ...(address === undefined ? {} : { 'client.address': address }),
  }
}
