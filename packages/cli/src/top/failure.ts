import { printable } from '../terminal/text.ts'

/** Why a server could not be read. The texts contain nothing that it sent. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure'
  /** The fix in one sentence. */
  readonly instead: string

  constructor(found: string, instead: string, cause?: unknown) {
    super(found, { cause })
    this.instead = instead
  }
}

/** Describes an answer without metrics to the caller. */
export function refusedBy(status: number, sentToken: boolean): ReadFailure {
  if (status === 401 || status === 403) {
    return sentToken
      ? new ReadFailure(`the server does not take the token (${status})`, 'Use a token that may read the metrics.')
      : new ReadFailure(
          `the server requires a token (${status})`,
          'Put it into a variable or a file: --token-env NAME or --token-file FILE.',
        )
  }
  if (status === 404) {
    return new ReadFailure(
      'the server shows no metrics here (404)',
      'Ask from where its metrics are open (the machine itself, the addresses of --allow), or start it with --metrics-auth.',
    )
  }
  return new ReadFailure(
    `the server answers with status ${status}`,
    'Name the address of an Incant server, such as http://127.0.0.1:8000.',
  )
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
export function unreachable(cause: NodeJS.ErrnoException): ReadFailure {
  const code = cause.code ?? ''
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new ReadFailure('its certificate is for another name', 'Ask by a name that the certificate has.', cause)
  }
  if (UNTRUSTED.test(code)) {
    return new ReadFailure(
      `its certificate is not trusted (${printable(code)})`,
      'Name the authority that issued it: --ca FILE.',
      cause,
    )
  }
  const found = UNREACHABLE.get(code) ?? (code.startsWith('HPE_') ? 'it does not speak HTTP' : printable(code))
  return new ReadFailure(`the server cannot be reached: ${found}`, 'Is it running, and is the address right?', cause)
}
