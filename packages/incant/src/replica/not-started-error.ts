/** A call that never reached predict, because its replica was gone or held up: another replica may run it. */
export class NotStartedError extends Error {
  override readonly name = 'NotStartedError'
}
