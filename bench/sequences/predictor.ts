import Writer from '../../examples/char-lm/predictor.ts'

/** Steps until a text had its first character. */
interface Account {
  firsts: number[]
}

/** The example, and an account of how long newcomers wait, which `GET /health` gives. */
export default class Counted extends Writer {
  #steps = 0
  #firsts: number[] = []
  readonly #begun = new WeakMap<object, number>()

  override begin(prompt: Parameters<Writer['begin']>[0]): ReturnType<Writer['begin']> {
    const text = super.begin(prompt)
    this.#begun.set(text, this.#steps)
    return text
  }

  override async step(texts: Parameters<Writer['step']>[0]): ReturnType<Writer['step']> {
    this.#steps += 1
    const steps = await super.step(texts)
    for (const [index, text] of texts.entries()) {
      const begun = this.#begun.get(text)
      if (begun === undefined || steps[index]?.item === undefined) continue
      this.#firsts.push(this.#steps - begun)
      this.#begun.delete(text)
    }
    return steps
  }

  override health(): Account {
    return { firsts: this.#firsts.splice(0) }
  }
}
