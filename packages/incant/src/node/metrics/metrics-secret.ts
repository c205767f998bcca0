import type { EnvironmentSecret, FileSecret } from '../../auth/secrets/secrets.ts'
import { StartupError } from '../../errors/startup-error.ts'

/**
 * Where the token for `/metrics` is: `env:NAME` or `file:PATH`. The token itself would show in the list of processes.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function readMetricsSecret(text: string): EnvironmentSecret | FileSecret {
  const [, kind, place = ''] = /^(env|file):(.+)$/s.exec(text) ?? []
  if (kind === 'env') return { env: place }
  if (kind === 'file') return { file: place }
  throw new StartupError({
    code: 'invalid_option',
    found: 'the option "metricsAuth" does not name the source of the token',
    instead:
      'Write env:NAME for an environment variable, or file:PATH. Never the token itself: others can read it there.',
  })
}
