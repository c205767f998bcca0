import { printable } from '../terminal/text.ts'

/** Why a server does not do what it is asked. The texts contain nothing that it sent. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure'
  /** The fix in one sentence. */
  readonly instead: string

  constructor(found: string, instead: string, cause?: unknown) {
    super(found, { cause })
    this.instead = instead
  }
}

const UNREACHABLE: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no host of that name'],
  ['EAI_AGAIN', 'the name of the host cannot be looked up'],
  ['ECONNRESET', 'the connection was cut'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['EPROTO', 'it does not speak TLS'],
])

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/

/** The reason why no answer arrives. */
export function unreachable(cause: NodeJS.ErrnoException): ConnectionFailure {
  const code = cause.code ?? ''
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new ConnectionFailure(
      'its certificate is for another name',
      'Ask by a name that the certificate has.',
      cause,
    )
  }
  if (UNTRUSTED.test(code)) {
    return new ConnectionFailure(
      `its certificate is not trusted (${printable(code)})`,
      'Name the authority that issued it: --ca FILE.',
      cause,
    )
  }
  const found = UNREACHABLE.get(code) ?? (code.startsWith('HPE_') ? 'it does not speak HTTP' : printable(code))
  return new ConnectionFailure(
    `the server cannot be reached: ${found}`,
    'Is it running, and is the address right?',
    cause,
  )
}
