import { InferenceSession, Tensor } from 'onnxruntime-node'
import { FRAME_LENGTH, RATE } from './frames.ts'

/** Samples of the frame before that the model wants to see again. */
const CONTEXT_LENGTH = 64

/** Says how likely a frame of sound is speech. */
export class VoiceModel {
  readonly #session: InferenceSession

  private constructor(session: InferenceSession) {
    this.#session = session
  }

  static async load(path: string): Promise<VoiceModel> {
    // A frame is too small to be shared between threads.
    return new VoiceModel(await InferenceSession.create(path, { intraOpNumThreads: 1 }))
  }

  /** A listener to one sound, with a memory of what it has heard. Give it the frames in order. */
  listen(): (frame: Float32Array) => Promise<number> {
    const rate = new Tensor('int64', BigInt64Array.of(BigInt(RATE)), [])
    let memory: Tensor = new Tensor('float32', new Float32Array(2 * 128), [2, 1, 128])
    let context = new Float32Array(CONTEXT_LENGTH)
    return async frame => {
      const samples = new Float32Array(CONTEXT_LENGTH + FRAME_LENGTH)
      samples.set(context)
      samples.set(frame, CONTEXT_LENGTH)
      context = frame.slice(-CONTEXT_LENGTH)
      const input = new Tensor('float32', samples, [1, samples.length])
      const { output, stateN } = await this.#session.run({ input, state: memory, sr: rate })
      if (!(output?.data instanceof Float32Array && stateN instanceof Tensor)) throw new Error('This is another model.')
      memory = stateN
      return output.data[0] ?? 0
    }
  }
}
