import { chain } from '../../async/maybe-promise.ts'
import type { FaceRoute } from '../../faces/route.ts'
import { Answer } from '../../http/answer.ts'
import type { DocumentReader } from '../../http/document-reader.ts'
import type { InputLimits } from '../../http/read-input.ts'
import { readPlainBody } from '../../http/read-plain-body.ts'
import { NO_STORE, respondForeign } from '../../http/respond.ts'
import type { Logger } from '../../log/logger.ts'
import type { Exchange } from '../exchange.ts'
import { ExchangeOfFace } from './exchange-of-face.ts'
import { ModelsOfCaller, type ServedModels, type ServedSubject } from './models-of-caller.ts'

/** The dependencies of the routes of a face. */
export interface FaceHost extends ServedModels {
  readonly limits: InputLimits & { readonly requestTimeout: number; readonly publicUrl: string }
  /** Reads large JSON. Undefined: it is read here. */
  reader(): DocumentReader | undefined
  readonly logger: Logger
}

/** A request on a path of a face. */
export interface FaceCall {
  readonly route: FaceRoute
  /** The models that it may be about. Default: all of the face. */
  readonly subjects?: readonly ServedSubject[]
}

/**
 * Answers an exchange on a route of a face, in the order that `/predict` has: credentials in the headers, then a place in the
 * queue where only one model can be meant, then the body.
 */
export async function workOfFace(
  exchange: Exchange,
  { route, subjects }: FaceCall,
  host: FaceHost,
): Promise<Answer | Response> {
  const models = new ModelsOfCaller(exchange, host, subjects)
  if (route.access !== 'public') await models.admitToSome()
  if (route.body !== 'none' && route.calls !== false) models.checkAdmission()
  exchange.body = await readBody(exchange, route, host)
  const ofFace = new ExchangeOfFace(exchange, { logger: host.logger, publicUrl: host.limits.publicUrl })
  return chain(route.handle(ofFace, models), answer => complete(answer, exchange))
}

function readBody(exchange: Exchange, route: FaceRoute, host: FaceHost): unknown {
  const { source, cancellation } = exchange
  const { limits } = host
  return readPlainBody(
    {
      headers: source.headers,
      transport: source.transport,
      onCancel: listener => cancellation.onCancel(listener),
      onWhole: () => exchange.setDeadline(limits.requestTimeout),
    },
    { form: route.body, limits, reader: route.body === 'json' ? host.reader() : undefined },
  )
}

/** The headers that every answer has. A face can set those of its protocol. */
function complete(answer: Answer | Response, exchange: Exchange): Answer | Response {
  const { cancellation, id, principal } = exchange
  const headers = principal === undefined ? undefined : NO_STORE
  if (!(answer instanceof Answer))
    return respondForeign(answer, id, { headers, onCancel: listener => cancellation.onCancel(listener) })
  const ours = { 'X-Request-Id': id, 'X-Content-Type-Options': 'nosniff' }
  return new Answer(answer.status, { ...answer.headers, ...ours, ...headers }, answer.body)
}
