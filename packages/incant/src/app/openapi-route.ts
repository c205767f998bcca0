import { respond } from '../http/respond.ts'
import { describePredictor } from '../openapi/describe-predictor.ts'
import type { PredictSignature } from '../signature/signature.ts'
import type { Exchange } from './exchange.ts'

/** `GET /openapi.json`: the document is made when it is first asked for. */
export function openapiRoute(signature: PredictSignature): (exchange: Exchange) => Response {
  let body: string | undefined
  return exchange => {
    body ??= JSON.stringify(describePredictor({ signature }))
    return respond(exchange.id, { contentType: 'application/json', body })
  }
}
