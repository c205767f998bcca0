import { BasePredictor } from 'incant'
import type { TranscriptionRequest, TranscriptionResult } from 'incant/openai'

export default class Listener extends BasePredictor {
  async predict({ file, language }: TranscriptionRequest): Promise<TranscriptionResult> {
    const text = `${file.name}: ${await file.text()}`
    return { text, language: language ?? 'en', segments: [{ start: 0, end: 1.5, text }] }
  }
}
