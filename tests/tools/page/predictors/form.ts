import { BasePredictor, type Form } from 'incant'

type Fields = Form<{
  /** @contentMediaType image/* */
  image: File
  top?: number
  tags?: string[]
}>

export default class Classifies extends BasePredictor {
  async predict(form: Fields) {
    const { image, top, tags } = form
    return { name: image.name, type: image.type, bytes: image.size, top: top ?? null, tags: tags ?? [] }
  }
}
