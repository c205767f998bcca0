import type { HeaderLines } from '../../errors/request-error.ts'
import type { Face, FaceRefusal } from '../../faces/face.ts'
import { Answer } from '../../http/answer.ts'
import { asHTTPException, asRequestError, describeFailure } from '../../http/failure.ts'
import { NO_STORE, respondFailure, respondProblem } from '../../http/respond.ts'
import type { Exchange } from '../exchange.ts'
import { addressOf } from './exchange-of-face.ts'
import type { FaceHost } from './face-work.ts'
import { listIssuers } from './models-of-caller.ts'

/** Anything thrown on a path of a face, as its clients read it. What predict answers itself stays as it is. */
export function refuseInFace(
  thrown: unknown,
  exchange: Exchange,
  { face, logger, limits, models }: FaceHost & { readonly face: Face },
): Answer | Response {
  const { id, body } = exchange
  if (asHTTPException(thrown)?.res !== undefined) return respondFailure(thrown, id, logger)
  const problem = describeFailure(thrown, id, logger)
  const headers = asRequestError(thrown)?.headers
  const place = {
    issuers: listIssuers(models()),
    url: (path: string) => addressOf(path, exchange, limits.publicUrl),
  }
  try {
    return respondRefusal(face.refuse({ thrown, problem, body, ...place }), { id, headers, status: problem.status })
  } catch (bug) {
    describeFailure(bug, id, logger)
    return respondProblem(problem, headers)
  }
}

interface Refused {
  readonly id: string
  readonly headers: HeaderLines | undefined
  readonly status: number
}

function respondRefusal({ status, headers, document }: FaceRefusal, refused: Refused): Answer {
  const lines = {
    'Content-Type': 'application/json',
    'X-Request-Id': refused.id,
    'X-Content-Type-Options': 'nosniff',
    ...NO_STORE,
    ...refused.headers,
    ...headers,
  }
  return new Answer(status ?? refused.status, lines, JSON.stringify(document))
}
