import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTLSServer } from 'node:https'
import type { TlsOptions } from 'node:tls'
import type { ResolvedServerSettings } from '../../options/server-options.ts'
import type { ListenerPlan } from '../listening/plan-listeners.ts'
import type { Certificate } from '../tls/certificate.ts'
import { TLS_PROTOCOL } from '../tls/protocol.ts'
import type { ServedCertificate } from '../tls/served-certificate.ts'
import { GateResponse } from './gate-response.ts'

/** Node's server, with the responses of the gate. */
export type GateServer = Server<typeof IncomingMessage, typeof GateResponse>

/** The settings of a server. */
export interface ServerParts {
  readonly settings: ResolvedServerSettings
  readonly plan: ListenerPlan
  /** Undefined: plain HTTP. */
  readonly certificate: ServedCertificate | undefined
}

/** Creates the server of a gate; it does not listen yet. */
export function makeServer({ settings, plan, certificate }: ServerParts): GateServer {
  const options = serverOptions(settings)
  if (certificate === undefined) return createServer(options)
  const secure = (current: Certificate) => secureOptions(current, plan)
  const handshakeTimeout = options.headersTimeout
  const server = createTLSServer({ ...options, ...secure(certificate.current), handshakeTimeout })
  certificate.follow(current => server.setSecureContext(secure(current)))
  // It has the members and events of a server without TLS; the additional `setSecureContext` is used here alone.
  return server as unknown as GateServer
}

/** The TLS settings of a listener. */
export function secureOptions(
  { cert, key, clientCa }: Certificate,
  { isMutual }: Pick<ListenerPlan, 'isMutual'>,
): TlsOptions {
  const own = { ...TLS_PROTOCOL, cert, key }
  if (!isMutual || clientCa === undefined) return own
  return { ...own, ca: clientCa, requestCert: true, rejectUnauthorized: true }
}

function serverOptions(settings: ResolvedServerSettings) {
  return {
    ServerResponse: GateResponse,
    // Node counts target and header lines together; both are counted here, separately and exactly.
    maxHeaderSize: settings.maxHeaderSize + settings.maxUrlLength,
    headersTimeout: Math.min(settings.headersTimeout, settings.bodyTimeout),
    requestTimeout: settings.bodyTimeout,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: settings.keepAliveTimeout,
    // Node's own refusal is no problem document, and takes two Host lines and an empty one.
    requireHostHeader: false,
    insecureHTTPParser: false,
  }
}
