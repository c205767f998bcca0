import { chain, type MaybePromise } from '../../async/maybe-promise.ts'
import type { Admission } from '../../auth/admission/admission.ts'
import type { JobsOfModel } from '../../faces/jobs-of-model.ts'
import { callLater } from '../../faces/predictions/call-later.ts'
import { Answer } from '../../http/answer.ts'
import { isJSON, parseMediaType } from '../../http/media-type.ts'
import { planInput, readInput } from '../../http/read-input.ts'
import { readPlainBody } from '../../http/read-plain-body.ts'
import type { Exchange } from '../exchange.ts'
import { ExchangeOfFace } from '../faces/exchange-of-face.ts'
import type { RouteHost } from '../route-host.ts'

/** Answers a call of `/predict` as a job: it was admitted as any other call, and its payload is read and checked as theirs. */
export async function callAsJob(
  exchange: Exchange,
  admission: Admission,
  { host, jobs }: { readonly host: RouteHost; readonly jobs: JobsOfModel },
): Promise<Answer> {
  exchange.body = await readPayload(exchange, host)
  admission.complete()
  const { logger, settings, subject } = host
  const ofFace = new ExchangeOfFace(exchange, { logger, publicUrl: settings.publicUrl })
  const answer = await callLater(ofFace, { jobs, version: subject.version })
  const ours = { 'X-Request-Id': exchange.id, 'X-Content-Type-Options': 'nosniff' }
  return new Answer(answer.status, { ...answer.headers, ...ours }, answer.body)
}

/** The payload as JSON has it, not checked yet: it is stored as it came. */
function readPayload(
  exchange: Exchange,
  { signature, settings: limits, plainReader: reader }: RouteHost,
): MaybePromise<unknown> {
  const plan = planInput(signature, undefined, { limits, reader: undefined })
  const { headers, transport } = exchange.source
  const source = {
    ...{ headers, transport },
    toRequest: () => exchange.source.toRequest(),
    signal: () => exchange.cancellation.signal,
    onCancel: (listener: (reason: Error) => void) => exchange.cancellation.onCancel(listener),
  }
  const isPlain = plan.body?.role === 'payload' && plan.body.optional !== true
  return isPlain && isJSON(parseMediaType(headers.get('content-type')))
    ? readPlainBody(source, { form: 'json', limits, reader })
    : chain(readInput(source, plan), input => input.body)
}
