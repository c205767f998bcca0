// A Worker of Cloudflare's runtime that is an application: it is made in the global scope, where no timer is permitted.
import { BasePredictor, createApp, silentLogger } from 'incant'

class Predictor extends BasePredictor {
  #words = new Set()

  async setup() {
    await new Promise(resolve => setTimeout(resolve, 10))
    this.#words = new Set(['good'])
  }

  async predict({ text }) {
    await new Promise(resolve => setTimeout(resolve, 1))
    return { known: this.#words.has(text) }
  }
}

const text = { type: 'string', minLength: 1 }
const schema = { type: 'object', properties: { text }, required: ['text'] }
const signature = {
  version: 1,
  className: 'Predictor',
  parameters: [{ name: 'payload', role: 'payload', schema }],
  returns: [],
  definitions: {},
}

export default createApp(Predictor, { signature, logger: silentLogger })
