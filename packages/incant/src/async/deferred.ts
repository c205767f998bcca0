/** A promise that is settled from outside, once. Nobody has to look how it ends. */
export class Deferred<Value> {
  readonly promise: Promise<Value>
  #settle: { resolve(value: Value): void; reject(reason: unknown): void } | undefined

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.promise.catch(() => {})
  }

  resolve(value: Value): void {
    this.#settle?.resolve(value)
  }

  reject(reason: unknown): void {
    this.#settle?.reject(reason)
  }
}
