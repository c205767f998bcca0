import type { PredictCall } from '../engine/engine.ts'
import { type InputPlan, planInput, readInput } from '../http/read-input.ts'
import { respond, respondForeign } from '../http/respond.ts'
import { negotiateStream } from '../http/stream-framing.ts'
import type { Exchange } from './exchange.ts'
import type { RouteHost } from './route-host.ts'

/** `POST /predict`: the order of its steps is that of `docs/http.md`, and part of its security. */
export function predictRoute(host: RouteHost): (exchange: Exchange) => Promise<Response> {
  const plan = planInput(host.signature, host.validator, host.settings)
  return async exchange => {
    // Before the body is read: whoever will find no place need not send it.
    host.engine.checkAdmission()
    const output = await host.engine.predict(await readCall(exchange, plan, host.settings.requestTimeout))
    if (output instanceof Response || !('contentType' in output)) {
      exchange.streaming = output.body !== null
      return respondForeign(output, exchange.id, host.logger)
    }
    exchange.streaming = output.body instanceof ReadableStream
    return respond(exchange.id, output)
  }
}

async function readCall(exchange: Exchange, plan: InputPlan, timeout: number): Promise<PredictCall> {
  const { request, transport, cancellation } = exchange
  const input = await readInput({ request, transport, signal: () => cancellation.signal }, plan)
  return {
    id: exchange.id,
    input,
    deadline: exchange.setDeadline(timeout),
    cancellation,
    streamFormat: negotiateStream(request.headers.get('accept')),
    client: { address: transport.address },
    principal: undefined,
    defer: task => exchange.defer(task),
  }
}
