import type { Http2Server } from 'node:http2'
import type { GRPCServer } from './grpc-module.ts'

/** The library's maker of the server below it. It is no public part of it, so it may be missing. */
interface MakesHttp2 {
  createHttp2Server?(credentials: object): Http2Server
}

/** Those of Node's listeners: the last are all names and values. */
type StreamArguments = [stream: unknown, headers: Record<string, unknown>, flags: number, raw?: readonly string[]]

const NAME = 'authorization'

/**
 * Keeps every `authorization` entry of a call. Node gives the first of several, so that a proxy and this server could read different
 * credentials in one request; with all of them in the metadata, the call is refused as it is over HTTP/1.1.
 */
export function keepRepeatedAuthorization(server: GRPCServer & MakesHttp2): void {
  const make = server.createHttp2Server?.bind(server)
  if (make === undefined) return
  server.createHttp2Server = credentials => {
    const made = make(credentials)
    made.prependListener('stream', (...[, headers, , raw]: StreamArguments) => keepAll(headers, raw))
    return made
  }
}

/** @param raw - Names and values in turn, as they came. */
function keepAll(headers: Record<string, unknown>, raw: readonly string[] = []): void {
  const values = raw.filter((_value, index) => index % 2 === 1 && raw[index - 1] === NAME)
  // Metadata takes all values of an array.
  if (values.length > 1) headers[NAME] = values
}
