import { describeThrown } from '../../errors/describe-thrown.ts'
import { directListener } from './direct-listener.ts'
import type { GateListener } from './gate.ts'
import type { AdapterOptions } from './request-adapter.ts'

/**
 * Hands requests to an application, and its answers to the socket. What it takes to make a web `Request` of one is loaded with
 * the first that needs it.
 */
export function requestListener(options: AdapterOptions): GateListener {
  let adapter: Promise<GateListener> | undefined
  return directListener(options.app, (incoming, outgoing) => {
    adapter ??= import('./request-adapter.ts').then(({ adaptRequests }) => adaptRequests(options))
    void adapter.then(
      adapt => adapt(incoming, outgoing),
      // The files of the package are gone, or resolve to others.
      thrown => {
        options.logger.log('error', 'a request was not handed on', { error: describeThrown(thrown) })
        outgoing.destroy()
      },
    )
  })
}
