import { BasePredictor } from 'incant'
import { anyOf, apiKeyAuth, basicAuth, bearerAuth, bodyTokenAuth, jwtAuth } from 'incant/auth'

class Guarded extends BasePredictor {
  predict({ text = 'nothing' }: { text?: string }) {
    return { text }
  }
}

const tokens = { env: 'PAGE_TOKEN' }
const users = { env: 'PAGE_USERS' }

@bearerAuth({ tokens })
export class Bearer extends Guarded {}

@basicAuth({ users })
export class Basic extends Guarded {}

@apiKeyAuth({ tokens })
export class Key extends Guarded {}

@bodyTokenAuth({ tokens })
export class Body extends Guarded {}

@jwtAuth({ secret: { env: 'PAGE_SECRET' }, algorithms: ['HS256'], issuer: false, audience: 'page' })
export class Signed extends Guarded {}

@anyOf(bearerAuth({ tokens }), basicAuth({ users }), apiKeyAuth({ tokens }))
export class Any extends Guarded {}
