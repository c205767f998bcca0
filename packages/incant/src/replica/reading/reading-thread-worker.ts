import { parentPort, workerData } from 'node:worker_threads'
import type { DocumentReaderOptions } from '../../http/document-reader.ts'
import { bodyReader, type ReadTask } from './read-body.ts'

// What reading-thread.ts gives.
const read = bodyReader(workerData as DocumentReaderOptions)

parentPort?.on('message', async ({ bytes, contentType }: ReadTask) => {
  // A byte is found in a Buffer a hundred times as fast as in another view.
  const answer = await read({ bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), contentType })
  const { content, attached = [] } = answer.packed ?? {}
  const views = content === undefined ? attached : [content, ...attached]
  parentPort?.postMessage(answer, listWhole(views))
})

/** The buffers with only one view, which can be transferred as they are. */
function listWhole(views: readonly Uint8Array[]): ArrayBuffer[] {
  const whole = views.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > 0 ? [buffer] : [],
  )
  return [...new Set(whole)]
}
