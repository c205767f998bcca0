import type { Admission } from '../auth/admission.ts'
import type { PredictCall, PredictInput } from '../engine/engine.ts'
import type { Answer } from '../http/answer.ts'
import type { OnCancel } from '../http/bounded-stream.ts'
import { type InputSource, planInput, readInput } from '../http/read-input.ts'
import { NO_STORE, respond, respondForeign } from '../http/respond.ts'
import { negotiateStream } from '../http/stream-framing.ts'
import type { Exchange } from './exchange.ts'
import type { RouteHost } from './route-host.ts'

/** `POST /predict`: the order of its steps is that of `docs/http.md`, and part of its security. */
export function predictRoute(host: RouteHost): (exchange: Exchange) => Promise<Answer | Response> {
  const plan = planInput(host.signature, host.validator, host.settings)
  return async exchange => {
    const admitted = host.authenticator.admit(exchange)
    const admission = admitted instanceof Promise ? await admitted : admitted
    // Before the body is read: whoever will find no place need not send it.
    host.engine.checkAdmission()
    const input = await readInput(toSource(exchange, admission), plan)
    const predicted = host.engine.predict(makeCall(exchange, admission, input, host.settings.requestTimeout))
    const output = predicted instanceof Promise ? await predicted : predicted
    const headers = exchange.principal === undefined ? undefined : NO_STORE
    if (output instanceof Response || !('contentType' in output)) {
      const { cancellation } = exchange
      const onCancel: OnCancel = listener => cancellation.onCancel(listener)
      return respondForeign(output, exchange.id, host.logger, { headers, onCancel })
    }
    return respond(exchange.id, output, 200, headers)
  }
}

function toSource({ source, cancellation }: Exchange, admission: Admission): InputSource {
  return {
    headers: source.headers,
    transport: source.transport,
    toRequest: () => source.toRequest(),
    signal: () => cancellation.signal,
    onPayload: admission.takeCredentials,
  }
}

function makeCall(exchange: Exchange, admission: Admission, input: PredictInput, timeout: number): PredictCall {
  return {
    id: exchange.id,
    input,
    deadline: exchange.setDeadline(timeout),
    cancellation: exchange.cancellation,
    streamFormat: negotiateStream(exchange.headers.get('accept')),
    client: { address: exchange.address },
    // Whoever was to send credentials in the payload, and sent no payload, gets no further.
    principal: admission.complete(),
    defer: task => exchange.defer(task),
  }
}
