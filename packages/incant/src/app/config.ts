import { StartupError } from '../errors/startup-error.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { compileValidator } from '../validation/validator.ts'

/**
 * Checks the constructor's argument against its type, and converts it: defaults are filled in, dates created.
 *
 * @throws {StartupError} `invalid_config`, with every place that is wrong.
 */
export function readConfig(signature: PredictSignature, config: unknown): unknown {
  if (signature.config === undefined) return config
  const { schema, optional } = signature.config
  if (config === undefined && optional === true) return undefined
  // A type whose members are all optional, or have defaults, needs no configuration to be written.
  const result = compileValidator(schema, signature.definitions).validate(config ?? {})
  if (result.ok) return result.value
  const places = result.issues.map(issue => `${issue.pointer} ${issue.detail}`)
  throw new StartupError({
    code: 'invalid_config',
    found: `the configuration does not match the constructor of ${signature.className}: ${places.join('; ')}`,
    instead: 'Fix it in the file that --config (the option "config") names.',
  })
}
