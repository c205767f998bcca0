import type { Cancellation } from '../../engine/cancellation.ts'
import type { BytesAnswer, FaceAnswer } from '../../faces/model.ts'
import type { PredictAnswer } from '../../http/predict-io.ts'

/** What a call gave, as a face gets it. */
export function answerOfFace(output: PredictAnswer, cancellation: Cancellation): FaceAnswer {
  if ('contentType' in output) {
    // What was asked for as data is written as text nowhere.
    return { kind: 'bytes', ...output } as BytesAnswer
  }
  // A `Response` of any copy.
  if (!('kind' in output)) return output
  if (output.kind === 'value') return output
  return { kind: 'items', items: readItems(output.body, cancellation), returned: output.returned }
}

/** The items, until the call is cancelled: a replica that hangs would not say so. */
async function* readItems(body: ReadableStream<Uint8Array>, cancellation: Cancellation): AsyncGenerator<string> {
  const reader = body.getReader()
  const cancelled = new Promise<never>((_resolve, reject) => cancellation.onCancel(reject))
  cancelled.catch(() => {})
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), cancelled])
      if (done) return
      yield decoder.decode(value)
    }
  } finally {
    // After its end, this does nothing; the reader of what has failed has been told.
    reader.cancel().catch(() => {})
  }
}
