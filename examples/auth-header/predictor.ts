import { BasePredictor } from 'incant'
import { basicAuth } from 'incant/auth'

/**
 * Takes the raw request of callers that send a bare token as HTTP Basic, with the newline that `echo "$TOKEN" | base64` puts
 * behind it. Strictly, Basic is a name and a password; `tokenOnly` is for clients that cannot be changed.
 */
@basicAuth({ tokenOnly: true, tokens: { env: 'AUTH_TOKENS' } })
export default class Predictor extends BasePredictor {
  async predict(request: Request) {
    const data: unknown = await request.json()
    return { status: 'ok', data }
  }
}
