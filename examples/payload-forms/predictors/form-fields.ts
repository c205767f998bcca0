import { BasePredictor, type Form } from 'incant'

/** The fields of the form. A field that is missing or of another type is a 422 that names it. */
interface Upload {
  /** The text to count in. */
  document: File
  /** How many words to give. @integer @minimum 1 @default 3 */
  top?: number
  /** Words that do not count; the field may occur several times. */
  skip?: string[]
}

/** `Form<Fields>`: a form whose fields are checked like the members of a payload. */
export default class Predictor extends BasePredictor {
  async predict({ document, top = 3, skip = [] }: Form<Upload>) {
    const counts = new Map<string, number>()
    for (const [word] of (await document.text()).matchAll(/\p{L}+/gu)) {
      if (!skip.includes(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
    }
    const words = [...counts].map(([word, count]) => ({ word, count })).sort((one, other) => other.count - one.count)
    return { file: document.name, words: words.slice(0, top) }
  }
}
