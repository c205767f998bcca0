/**
 * Has what native code writes to the standard streams wait until it is taken. Node makes the pipes of a process fail
 * instead where they are full, of which code that prints knows nothing, and what it prints is lost.
 */
export function blockOutput(): void {
  for (const { _handle } of [process.stdout, process.stderr] as StreamWithHandle[]) _handle?.setBlocking?.(true)
}

/** A stream of Node's as it is made, of which its types do not tell. */
interface StreamWithHandle {
  readonly _handle?: { setBlocking?(blocking: boolean): void }
}
