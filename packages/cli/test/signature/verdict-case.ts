import type { JSONValue } from 'incant'
import { compileValidator } from 'incant/internal'
import { expect } from 'vitest'
import { read } from './project.ts'

/** A payload's type, and what a server that takes it must say of bodies. */
export interface VerdictCase {
  readonly name: string
  /** The type of predict's payload. */
  readonly payload: string
  /** Declarations before the class. */
  readonly declare?: string
  readonly accept?: readonly JSONValue[]
  readonly refuse?: readonly JSONValue[]
  /** Other files of the project. */
  readonly files?: Readonly<Record<string, string>>
}

/** Reads the type and checks the bodies against it. */
export function expectVerdicts(verdictCase: VerdictCase): void {
  const { declare = '', payload, accept = [], refuse = [], files = {} } = verdictCase
  const { signatures } = read({
    'predictor.ts': `import { BasePredictor } from 'incant'
${declare}
export default class P extends BasePredictor { predict(payload: ${payload}) {} }`,
    ...files,
  })
  const [signature] = signatures
  const { validate } = compileValidator(signature?.parameters[0]?.schema ?? {}, signature?.definitions ?? {})
  const accepted = (body: JSONValue) => validate(body).ok
  expect({ accepted: accept.filter(accepted), refused: refuse.filter(body => !accepted(body)) }).toEqual({
    accepted: accept,
    refused: refuse,
  })
}
