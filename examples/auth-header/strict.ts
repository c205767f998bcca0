import { BasePredictor } from 'incant'
import { anyOf, basicAuth, bearerAuth } from 'incant/auth'

/** The same with what the standards say: a name and a password (RFC 7617), or a token (RFC 6750). */
@anyOf(bearerAuth({ tokens: { env: 'AUTH_TOKENS' } }), basicAuth({ users: { env: 'AUTH_USERS' } }))
export default class Predictor extends BasePredictor {
  async predict(request: Request) {
    const data: unknown = await request.json()
    return { status: 'ok', data }
  }
}
