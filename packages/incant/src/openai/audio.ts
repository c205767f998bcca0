import type { Form } from '../predictor/form.ts'

/** The fields of a request to `/v1/audio/transcriptions`. */
export interface AudioFields {
  /** The sound. */
  file: File
  /** The name of the model, or of an alias of it. */
  model?: string
  /** The language that is spoken, in ISO 639-1. */
  language?: string
  /** What the text begins with, or how it is written. */
  prompt?: string
  /** How the text is written. `json`, `text` and `verbose_json` are done by Incant. */
  response_format?: 'json' | 'text' | 'verbose_json' | 'srt' | 'vtt'
  /** How bold to be. @minimum 0 @maximum 1 */
  temperature?: number
}

/**
 * A request to `/v1/audio/transcriptions`: a form with a file. A predictor whose `predict` takes it serves that route. For
 * a part of it: `Form<Pick<AudioFields, 'file' | 'language'>>`.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/createTranscription
 */
export type TranscriptionRequest = Form<AudioFields>

/** A part of a transcription, in seconds from the beginning. */
export interface TranscriptionSegment {
  start: number
  end: number
  text: string
}

/** What was said. A predictor may also return a string, or a `Response`, as for `srt`. */
export interface TranscriptionResult {
  text: string
  /** The language that was found. */
  language?: string
  /** In seconds. */
  duration?: number
  segments?: TranscriptionSegment[]
}
