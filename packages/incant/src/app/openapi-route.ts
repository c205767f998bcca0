import { describeSecurity } from '../auth/admission/security.ts'
import type { Answer } from '../http/answer.ts'
import { describePredictor } from '../openapi/describe-predictor.ts'
import { DEFAULT_NAME } from '../predictor/model-info.ts'
import type { Exchange } from './exchange.ts'
import { describeFaces } from './faces/describe-faces.ts'
import type { RouteHost } from './route-host.ts'
import { answerDocument, type WrittenDocument, writeDocument } from './written-document.ts'

/**
 * `GET /openapi.json`: the document is created on the first request. It describes what a predictor takes, so it is
 * refused to callers without access to predict, unless an option says otherwise.
 */
export function openapiRoute(host: RouteHost): (exchange: Exchange) => Promise<Answer> {
  const { signature, authenticator, modelInfo } = host
  let written: WrittenDocument | undefined
  return async exchange => {
    // Credentials in a payload cannot be sent here, and then there are none.
    if (!host.settings.publicOpenapi) (await authenticator.admit(exchange)).complete()
    written ??= await writeDocument(
      describePredictor({
        signature,
        title: modelInfo.name === DEFAULT_NAME ? signature.className : modelInfo.name,
        version: modelInfo.version,
        security: describeSecurity(authenticator),
        maxBodySize: host.settings.maxBodySize,
        protocols: describeFaces(host, host.subject),
      }),
    )
    return answerDocument(exchange, written)
  }
}
