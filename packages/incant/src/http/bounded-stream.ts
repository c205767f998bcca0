/** Calls back when a call is cancelled; at once if it has been. */
export type OnCancel = (listener: (reason: Error) => void) => void

/**
 * Somebody else's stream, for as long as its call may last: when that is cancelled, the reader gets an incomplete close
 * and the stream is told why.
 */
export function boundedStream(stream: ReadableStream<Uint8Array>, onCancel: OnCancel): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  // Nobody is there to be told that a stream does not want to be cancelled.
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
