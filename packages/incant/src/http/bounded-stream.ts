/** Calls back when a call is cancelled; at once if it has been. */
export type OnCancel = (listener: (reason: Error) => void) => void

/**
 * A stream of other code, limited to the life of its call: when that is cancelled, the reader gets an incomplete close
 * and the stream the reason.
 */
export function boundedStream(stream: ReadableStream<Uint8Array>, onCancel: OnCancel): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  // A stream's refusal to be cancelled concerns no caller.
  const cancel = (reason: unknown): Promise<void> => reader.cancel(reason).catch(() => {})
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        onCancel(reason => {
          controller.error(reason)
          void cancel(reason)
        })
      },
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel,
    },
    { highWaterMark: 0 },
  )
}
