import { compileValidator } from 'incant/internal'
import { StartupError } from 'incant/internal/signature'
import type { DefaultValue } from './defaults.ts'

/**
 * Checks defaults as a server checks payloads. A separate step, since it loads the validator, which few files need.
 *
 * @throws StartupError `invalid_constraint` for the first default that its own schema refuses.
 */
export function checkDefaults(defaults: readonly DefaultValue[]): void {
  for (const { schema, definitions, subject, location } of defaults) {
    const validation = compileValidator(schema, definitions).validate(schema.default)
    const [issue] = validation.ok ? [] : validation.issues
    if (issue === undefined) continue
    const where = issue.pointer === '#' ? '' : ` at ${issue.pointer}`
    throw new StartupError({
      code: 'invalid_constraint',
      found: `${subject} has @default ${JSON.stringify(schema.default)}, which its type does not allow: it ${issue.detail}${where}`,
      instead: 'Write a default that the type and its tags allow.',
      ...(location === undefined ? {} : { location }),
    })
  }
}
