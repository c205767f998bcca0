// Serves the predictor, with its large payloads read in a thread, as `incant serve` does, or all of them on the event loop.
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runUntilSignal, serve } from 'incant/node'

const onLoop = () => ({ placeOf: () => 'here', close: () => {} })
const server = await serve(fileURLToPath(new URL('predictor.ts', import.meta.url)), {
  port: 0,
  logLevel: 'error',
  // No option of the public interface: the bench is about what it replaces.
  ...(process.argv[2] === 'loop' && { documentReader: onLoop }),
})
await server.ready
// As the command does: see `front-heap.ts`.
setFlagsFromString('--heap-growing-percent=300')
process.send(server.url)
await runUntilSignal(server)
