import { BasePredictor, type PredictContext } from 'incant'

interface Question {
  text: string
}

/** `PredictContext`: what is known of the call beside its payload. */
export default class Predictor extends BasePredictor {
  predict({ text }: Question, context: PredictContext) {
    context.log.info('asked', { characters: text.length })
    return {
      requestId: context.requestId,
      model: `${context.modelInfo.name}:${context.modelInfo.version}`,
      cancelled: context.signal.aborted,
      secondsLeft: (context.deadline.getTime() - Date.now()) / 1000,
    }
  }
}
