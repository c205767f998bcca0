/**
 * Makes native code that writes to the standard streams wait until they have room. By default Node makes writes to the
 * full pipes of a process fail; printing code does not check that, and its output is lost.
 */
export function blockOutput(): void {
  for (const { _handle } of [process.stdout, process.stderr] as StreamWithHandle[]) _handle?.setBlocking?.(true)
}

/** A stream as Node creates it, with members that its types leave out. */
interface StreamWithHandle {
  readonly _handle?: { setBlocking?(blocking: boolean): void }
}
