import type { Answer } from '../../../http/answer.ts'
import { ReceivedForm } from '../../../http/form/received-form.ts'
import { isResponse } from '../../../http/platform-objects.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceModels } from '../../model.ts'
import { answerJSON, answerText } from '../answer.ts'
import { readTranscript, type Transcript, toSubRip, toVerbose, toWebVTT } from '../generation/transcript.ts'
import { chooseModel } from '../models.ts'
import { invalidValue, unsupported } from '../refusal.ts'
import { chooseMembers } from '../request/choose-members.ts'
import { TRANSCRIPTION_RULES } from '../request/rules.ts'

/** How a transcription is written, by the name of its form. */
const WRITERS: Readonly<Record<string, (exchange: FaceExchange, transcript: Transcript) => Answer>> = {
  json: (exchange, { text }) => answerJSON(exchange, { text }),
  verbose_json: (exchange, transcript) => answerJSON(exchange, toVerbose(transcript)),
  text: (exchange, { text }) => answerText(exchange, 'text/plain; charset=utf-8', `${text}\n`),
  srt: (exchange, transcript) => answerText(exchange, 'application/x-subrip; charset=utf-8', toSubRip(transcript)),
  vtt: (exchange, transcript) => answerText(exchange, 'text/vtt; charset=utf-8', toWebVTT(transcript)),
}

/** `POST /v1/audio/transcriptions`: a form with a file. */
export async function transcriptions(exchange: FaceExchange, models: FaceModels): Promise<Answer | Response> {
  const form = exchange.body
  if (!(form instanceof ReceivedForm)) throw invalidValue('file', 'The body must be a form with a file.')
  const fields = Object.fromEntries(form.entries)
  const { model, named } = await chooseModel(models, fields['model'], 'openai.transcription')
  const format = fields['response_format'] ?? 'json'
  const write = typeof format === 'string' && Object.hasOwn(WRITERS, format) ? WRITERS[format] : undefined
  if (write === undefined) {
    throw invalidValue('response_format', `response_format must be one of ${Object.keys(WRITERS).join(', ')}.`)
  }
  const chosen = chooseMembers(fields, named, TRANSCRIPTION_RULES)
  const payload = new ReceivedForm(form.entries.filter(([name]) => Object.hasOwn(chosen, name)))
  const answer = await model.call(exchange, payload, { answer: 'value' })
  if (isResponse(answer)) return answer
  const transcript = readTranscript(answer.kind === 'value' ? answer.value : undefined)
  if ((format === 'srt' || format === 'vtt') && transcript.segments.length === 0) {
    throw unsupported('response_format', `This model gives no segments, of which ${format} is made.`)
  }
  return write(exchange, transcript)
}
