/** Lets one loop wait until there is something to do. A ring while nothing waits ends the next wait at once. */
export class Bell {
  #hasRung = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#hasRung = true
    this.#wake?.()
  }

  /** Waits for a ring. @param longest - Milliseconds after which it ends without one. The process need not wait for it. */
  async wait(longest: number): Promise<void> {
    if (!this.#hasRung) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, longest)
        timer.unref?.()
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.#hasRung = false
    this.#wake = undefined
  }
}
