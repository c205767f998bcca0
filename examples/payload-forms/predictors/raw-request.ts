import { BasePredictor } from 'incant'

/** The standard `Request`: all of it, nothing parsed. */
export default class Predictor extends BasePredictor {
  async predict(request: Request) {
    const body = await request.text()
    return { method: request.method, type: request.headers.get('content-type'), length: body.length, body }
  }
}
