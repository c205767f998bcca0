import { isObject } from '../../../validation/json-types.ts'

/** A part of a transcription, in seconds. */
interface Segment {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A transcript, as predict gave it. */
export interface Transcript {
  readonly text: string
  readonly language: string
  readonly duration: number
  readonly segments: readonly Segment[]
}

/** Reads a transcription: a string, or an object with a text. */
export function readTranscript(value: unknown): Transcript {
  const { text, language, duration, segments } = isObject(value) ? value : { text: value }
  if (typeof text !== 'string') throw new TypeError('predict returned neither a string nor a TranscriptionResult')
  const list = Array.isArray(segments) ? segments.filter(isSegment) : []
  return {
    text,
    language: typeof language === 'string' ? language : 'unknown',
    duration: typeof duration === 'number' ? duration : (list.at(-1)?.end ?? 0),
    segments: list,
  }
}

function isSegment(value: unknown): value is Segment {
  return (
    isObject(value) &&
    typeof value['start'] === 'number' &&
    typeof value['end'] === 'number' &&
    typeof value['text'] === 'string'
  )
}

/** The long form. Clients read members of segments that only some models know. */
export function toVerbose({ text, language, duration, segments }: Transcript): object {
  const unknown = { seek: 0, tokens: [], temperature: 0, avg_logprob: 0, compression_ratio: 0, no_speech_prob: 0 }
  const list = segments.map(({ start, end, text: said }, id) => ({ id, start, end, text: said, ...unknown }))
  return { task: 'transcribe', language, duration, text, segments: list }
}

/** Subtitles in the form of SubRip. */
export function toSubRip({ segments }: Transcript): string {
  return segments
    .map(
      ({ start, end, text }, index) =>
        `${index + 1}\n${toTime(start, ',')} --> ${toTime(end, ',')}\n${text.trim()}\n\n`,
    )
    .join('')
}

/** Subtitles in the form of WebVTT (https://www.w3.org/TR/webvtt1). */
export function toWebVTT({ segments }: Transcript): string {
  const cues = segments.map(
    ({ start, end, text }) => `${toTime(start, '.')} --> ${toTime(end, '.')}\n${text.trim()}\n\n`,
  )
  return `WEBVTT\n\n${cues.join('')}`
}

function toTime(seconds: number, separator: string): string {
  const milliseconds = Math.round(seconds * 1000)
  const pad = (value: number, length = 2) => String(Math.floor(value)).padStart(length, '0')
  const [hours, minutes] = [milliseconds / 3_600_000, (milliseconds / 60_000) % 60]
  return `${pad(hours)}:${pad(minutes)}:${pad((milliseconds / 1000) % 60)}${separator}${pad(milliseconds % 1000, 3)}`
}
