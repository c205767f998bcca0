import { chain, type MaybePromise } from '../async/maybe-promise.ts'
import type { Admission } from '../auth/admission/admission.ts'
import type { PredictCall } from '../engine/engine.ts'
import { type Answer, withHeaders } from '../http/answer.ts'
import { planAnswerTypes } from '../http/answer-types.ts'
import type { OnCancel } from '../http/bounded-stream.ts'
import type { PredictAnswer, PredictInput } from '../http/predict-io.ts'
import { type InputSource, planInput, readInput } from '../http/read-input.ts'
import { NO_STORE, respond, respondForeign } from '../http/respond.ts'
import { negotiateStream } from '../http/stream-framing.ts'
import { identifyModel } from '../predictor/model-info.ts'
import { traceStep } from '../tracing/tracing.ts'
import { admitExchange } from './admit-exchange.ts'
import type { Exchange } from './exchange.ts'
import { preferLater } from './jobs/prefer-later.ts'
import type { RouteHost } from './route-host.ts'
import { withModels } from './with-models.ts'

/** `POST /predict`: the order of its steps is that of `docs/http.md`, and part of its security. */
export function predictRoute(host: RouteHost): Predict {
  const { authenticator, engine, settings, reader } = host
  const plan = planInput(host.signature, host.validator, { limits: settings, reader, takesPieces: engine.takesPieces })
  const withType = planAnswerTypes(host.signature.returns)
  const call = (exchange: Exchange, admission: Admission): MaybePromise<Answer | Response> => {
    // Before the body is read: a call without a place need not send it.
    engine.checkAdmission()
    return chain(readInput(toSource(exchange, admission, settings.requestTimeout), plan), input =>
      chain(
        engine.predict(withModels(makeCall(exchange, admission, { input, timeout: settings.requestTimeout }), host)),
        output => respondOutput(output, exchange, withType),
      ),
    )
  }
  const predict = host.jobs === undefined ? call : preferLater(call, host, host.jobs)
  const admit = (exchange: Exchange): MaybePromise<Admission> =>
    exchange.trace === undefined ? authenticator.admit(exchange) : admitExchange(exchange, host)
  const answer = (exchange: Exchange) => chain(admit(exchange), admission => predict(exchange, admission))
  return settings.modelHeader ? withModelHeader(answer, host) : answer
}

type Predict = (exchange: Exchange) => MaybePromise<Answer | Response>

/** Says with each answer which version of the model it is from. */
function withModelHeader(answer: Predict, { modelInfo }: Pick<RouteHost, 'modelInfo'>): Predict {
  const lines = { 'Incant-Model': identifyModel(modelInfo) }
  return exchange => chain(answer(exchange), answered => withHeaders(answered, lines))
}

function respondOutput(
  output: PredictAnswer,
  exchange: Exchange,
  withType: ReturnType<typeof planAnswerTypes>,
): Answer | Response {
  const headers = exchange.principal === undefined ? undefined : NO_STORE
  if ('contentType' in output) {
    return respond(exchange.id, withType === undefined ? output : withType(output), headers)
  }
  const { cancellation } = exchange
  const onCancel: OnCancel = listener => cancellation.onCancel(listener)
  // An answer that is not asked for as data is written, or a `Response` of any copy.
  return respondForeign(output as Response, exchange.id, { headers, onCancel })
}

/** Credentials in the payload, too, are a part of authentication. */
function takeTraced({ trace }: Exchange, { takeCredentials }: Admission): Admission['takeCredentials'] {
  if (trace === undefined || takeCredentials === undefined) return takeCredentials
  return payload => traceStep(trace, 'authenticate', () => takeCredentials(payload))
}

function toSource(exchange: Exchange, admission: Admission, timeout: number): InputSource {
  const { source, cancellation } = exchange
  return {
    headers: source.headers,
    transport: source.transport,
    toRequest: () => source.toRequest(),
    signal: () => cancellation.signal,
    onCancel: listener => cancellation.onCancel(listener),
    onWhole: () => exchange.setDeadline(timeout),
    onOver: task => exchange.defer(task),
    onPayload: takeTraced(exchange, admission),
  }
}

interface CallTerms {
  readonly input: PredictInput
  /** Milliseconds until the answer is due. */
  readonly timeout: number
}

function makeCall(exchange: Exchange, admission: Admission, { input, timeout }: CallTerms): PredictCall {
  return {
    id: exchange.id,
    input,
    deadline: exchange.setDeadline(timeout),
    cancellation: exchange.cancellation,
    streamFormat: negotiateStream(exchange.headers.get('accept')),
    client: { address: exchange.address },
    // A caller whose credentials should be in the payload, and that sent no payload, is refused here.
    principal: admission.complete(),
    trace: exchange.trace,
    defer: task => exchange.defer(task),
  }
}
