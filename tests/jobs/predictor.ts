import { BasePredictor, type PredictContext } from 'incant'
import { sendMetric } from 'incant/metrics'

/** Says words one by one; holds the last one back until it is told to stop, where it is asked to. */
export default class Speaker extends BasePredictor {
  async *predict(
    { text, hold }: { text: string; hold?: boolean },
    { log, signal }: PredictContext,
  ): AsyncGenerator<string> {
    log.info('speaking')
    sendMetric('words', text.split(' ').length)
    for (const word of text.split(' ')) yield word
    if (hold === true) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
}
