import { BasePredictor, type PredictContext } from 'incant'
import { bearerAuth, requireScopes, tokenFile } from 'incant/auth'

interface Numbers {
  /** @minItems 1 @example [1, 2, 3] */
  values: number[]
}

/** Takes a mean for callers whose token in tokens.json allows it. */
@bearerAuth({ tokens: tokenFile(process.env['TOKENS'] ?? 'tokens.json') })
@requireScopes('predict')
export default class Predictor extends BasePredictor {
  predict({ values }: Numbers, { principal }: PredictContext) {
    const sum = values.reduce((total, value) => total + value, 0)
    return { mean: sum / values.length, caller: principal?.name ?? principal?.id }
  }
}
