import type { MaybePromise } from '../../async/maybe-promise.ts'
import { readSecrets, type SecretsPlan } from '../../auth/secrets/read-secrets.ts'
import type { AuthHost } from '../../auth/strategy.ts'
import { readWebhookSecret, type SigningKey } from '../../signing/secret.ts'

/** The keys that webhooks are signed with now; none where they are not signed. */
export type WebhookKeys = () => MaybePromise<readonly SigningKey[]>

const PLAN: SecretsPlan<readonly SigningKey[]> = {
  option: 'webhookSecretsFile',
  need: 'without it no webhook can be verified',
  describeFault(secret) {
    const read = readWebhookSecret(secret)
    return 'fault' in read ? read.fault : undefined
  },
  keep: secrets =>
    secrets.flatMap(secret => {
      const read = readWebhookSecret(secret)
      return 'key' in read ? read.key : []
    }),
}

/**
 * Opens the file with the secrets, one a line, `whsec_…`. A webhook has a signature for each, so that receivers can change
 * to a new one before the old one is gone. A changed file is used within a second.
 *
 * @param path - Empty: webhooks are not signed.
 * @throws {StartupError} `invalid_auth`, where the file cannot be read, or one of them is no secret.
 */
export function openWebhookKeys(path: string, host: AuthHost): WebhookKeys {
  if (path === '') return () => []
  const live = readSecrets({ file: path }, PLAN, host)
  return () => live.current()
}
