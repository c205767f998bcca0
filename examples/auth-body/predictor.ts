import { BasePredictor, type PredictContext } from 'incant'
import { bodyTokenAuth } from 'incant/auth'

interface Sample {
  /** What to add up. @minItems 1 */
  data: number[]
}

/** Adds up numbers for callers that send a token in the member `auth` of the payload. */
@bodyTokenAuth({ tokens: { env: 'AUTH_TOKENS' } })
export default class Predictor extends BasePredictor {
  /** The token is not part of the payload any more, and its type does not mention it. */
  predict({ data }: Sample, { principal }: PredictContext) {
    return { sum: data.reduce((sum, value) => sum + value, 0), caller: principal?.id }
  }
}
