import { BasePredictor, type PredictContext } from 'incant'
import { bearerAuth, tokenFile } from 'incant/auth'

/** Answers callers with a token of a mounted Secret. */
@bearerAuth({ tokens: tokenFile('/secrets/tokens.json') })
export default class Secured extends BasePredictor {
  predict(payload: { text: string }, { principal }: PredictContext): { letters: number; caller: string } {
    return { letters: payload.text.length, caller: principal?.name ?? '' }
  }
}
