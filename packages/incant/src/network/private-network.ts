import { StartupError } from '../errors/startup-error.ts'

/** The members of a private network, and how they are recognized. */
export interface PrivateNetworkOptions {
  /** The addresses that may call, as CIDR blocks or single ones: `['10.0.0.0/8', 'fd00::/8']`. */
  readonly allow: readonly string[]
  /**
   * Proxies whose forwarding header counts. Those of every decorator and of the server's options together.
   *
   * @default []
   */
  readonly trustedProxies?: readonly string[]
  /**
   * Names and addresses that a caller may address, without a port: `['model.internal']`.
   * Default: the names of the certificate, and the address the connection came in on.
   */
  readonly allowedHosts?: readonly string[]
}

type Class = abstract new (...parameters: never[]) => unknown

const MARK: unique symbol = Symbol.for('incant.privateNetwork')

type Marked = { [MARK]?: PrivateNetworkOptions }

/**
 * Serves a predictor to a private network alone. Outsiders, and callers that use another host name, get the 404 of an
 * unknown path, for every request. Insiders go on to the decorators of authentication.
 *
 * Subclasses inherit it. The conditions of several classes of a chain and of the server's options are all required.
 *
 * @example
 * ```ts
 * @privateNetwork({ allow: ['10.0.0.0/8'], allowedHosts: ['model.internal'] })
 * export default class Predictor extends BasePredictor {}
 * ```
 * @throws {StartupError} `invalid_option`, where `allow` is empty.
 */
export function privateNetwork(
  options: PrivateNetworkOptions,
): (predictor: Class, context?: ClassDecoratorContext) => void {
  if (!Array.isArray(options?.allow) || options.allow.length === 0) throw nobodyAllowed()
  return predictor => {
    Object.defineProperty(predictor, MARK, { value: options, configurable: true })
  }
}

function nobodyAllowed(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: '@privateNetwork allows no address',
    instead: "Name the addresses that may call: @privateNetwork({ allow: ['10.0.0.0/8'] }).",
  })
}

/** The options of the decorators on a class and on those it extends, its own first. Empty: it is not private. */
export function readPrivateNetworks(predictor: object): readonly PrivateNetworkOptions[] {
  const found: PrivateNetworkOptions[] = []
  for (let holder: Marked | null = predictor; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const own = Object.hasOwn(holder, MARK) ? holder[MARK] : undefined
    if (own !== undefined) found.push(own)
  }
  return found
}
