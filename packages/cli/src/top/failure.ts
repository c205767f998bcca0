import { ConnectionFailure } from '../connection/failure.ts'

/** Describes an answer without metrics to the caller. */
export function refusedBy(status: number, sentToken: boolean): ConnectionFailure {
  if (status === 401 || status === 403) {
    return sentToken
      ? new ConnectionFailure(
          `the server does not take the token (${status})`,
          'Use a token that may read the metrics.',
        )
      : new ConnectionFailure(
          `the server requires a token (${status})`,
          'Put it into a variable or a file: --token-env NAME or --token-file FILE.',
        )
  }
  if (status === 404) {
    return new ConnectionFailure(
      'the server shows no metrics here (404)',
      'Ask from where its metrics are open (the machine itself, the addresses of --allow), or start it with --metrics-auth.',
    )
  }
  return new ConnectionFailure(
    `the server answers with status ${status}`,
    'Name the address of an Incant server, such as http://127.0.0.1:8000.',
  )
}
