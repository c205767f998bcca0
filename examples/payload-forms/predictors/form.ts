import { BasePredictor, HTTPException } from 'incant'

/** `FormData`: fields and files, `multipart/form-data` or `application/x-www-form-urlencoded`. */
export default class Predictor extends BasePredictor {
  async predict(form: FormData) {
    const document = form.get('document')
    if (!(document instanceof File)) throw new HTTPException(422, { message: 'Send a file in the field "document".' })
    const words = (await document.text()).split(/\s+/).filter(word => word !== '')
    return { title: form.get('title'), file: document.name, words: words.length }
  }
}
