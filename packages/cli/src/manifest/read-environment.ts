import { StartupError } from 'incant/internal/signature'
import { looksSecret } from '../arguments/environment-flag.ts'

/**
 * Variables of `KEY=VALUE`.
 *
 * @throws {StartupError} `invalid_option`, also for what is named as a secret. No message has a value.
 */
export function readEnv(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(given.map(readVariable))
}

function readVariable(text: string): [string, string] {
  const [, name = '', value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(text) ?? []
  if (name === '')
    throw new StartupError({
      code: 'invalid_option',
      found: '--env is no KEY=VALUE',
      instead: 'Write --env LANGUAGE=de.',
    })
  if (looksSecret(name)) refuseSecret(name)
  return [name, value]
}

function refuseSecret(name: string): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `--env ${name} looks like a secret, and everybody who reads the manifest could read it`,
    instead: `Put it in a Secret, and name that: --secret-env SECRET. The variable is then the key ${name}.`,
  })
}

/**
 * Folders of `SECRET=FOLDER`.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function readSecretFiles(
  given: readonly string[],
): readonly { readonly secret: string; readonly folder: string }[] {
  return given.map(text => {
    const [, secret = '', folder = ''] = /^([a-z0-9][-.a-z0-9]*)=(\/[^:]+)$/.exec(text) ?? []
    if (secret !== '' && folder !== '/') return { secret, folder }
    throw new StartupError({
      code: 'invalid_option',
      found: `--secret-files is "${text}"`,
      instead: 'Write the name of a Secret and the folder of its files: --secret-files word-tokens=/secrets/tokens.',
    })
  })
}
