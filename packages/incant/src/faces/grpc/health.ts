import { RequestError } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels } from '../model.ts'
import { answerMessage, readMessage } from './exchange-message.ts'
import { HEALTH_CHECK_REQUEST, HEALTH_CHECK_RESPONSE } from './messages.ts'
import { encode } from './protobuf/encode.ts'

/** The service that clients call: its health, that of the server, which is asked without a name, and that of this service are one. */
const SERVICES: readonly string[] = ['', 'inference.GRPCInferenceService', 'grpc.health.v1.Health']

/** `grpc.health.v1.HealthCheckResponse.ServingStatus`. */
const SERVING = { yes: 1, no: 2, unknownService: 3 } as const

/**
 * `grpc.health.v1.Health/Check`: whether the server would take a call now.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export function check(exchange: FaceExchange, models: FaceModels): Answer {
  if (!SERVICES.includes(serviceOf(exchange)))
    throw new RequestError('not_found', { detail: 'There is no such service.' })
  return new Answer(200, {}, describeHealth(models.isReady))
}

/** The first message of `Watch`: a service that is not there is one that may come. */
export function beginWatch(exchange: FaceExchange, models: FaceModels): Answer {
  if (SERVICES.includes(serviceOf(exchange))) return new Answer(200, {}, describeHealth(models.isReady))
  return answerMessage(HEALTH_CHECK_RESPONSE, { status: SERVING.unknownService })
}

/** A message of `Watch`, or the answer of `Check`. */
export function describeHealth(isReady: boolean): Uint8Array {
  return encode(HEALTH_CHECK_RESPONSE, { status: isReady ? SERVING.yes : SERVING.no })
}

function serviceOf(exchange: FaceExchange): string {
  return readMessage(HEALTH_CHECK_REQUEST, exchange).service ?? ''
}
