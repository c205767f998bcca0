import { BasePredictor } from 'incant'

/** `ReadableStream`: the body while it arrives, never in memory as a whole. */
export default class Predictor extends BasePredictor {
  async predict(body: ReadableStream<Uint8Array>): Promise<{ lines: number; bytes: number }> {
    let lines = 0
    let bytes = 0
    for await (const chunk of body) {
      bytes += chunk.length
      lines += chunk.filter(byte => byte === 0x0a).length
    }
    return { lines, bytes }
  }
}
