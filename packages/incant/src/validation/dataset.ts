import * as v from 'valibot'

/** The configuration that valibot passes to every schema of one run. */
export type RunConfig = v.Config<v.BaseIssue<unknown>>

/** A run's result: the value, whether it has its type, and the issues. */
export type Outcome = v.OutputDataset<unknown, v.BaseIssue<unknown>>

/** Runs a schema on a value. */
export function run(schema: v.GenericSchema, value: unknown, config: RunConfig): Outcome {
  return schema['~run']({ value }, config)
}

/** A valibot schema of our own, where valibot has none that stops, keeps or words things as we need. */
export function createSchema(type: string, execute: (value: unknown, config: RunConfig) => Outcome): v.GenericSchema {
  const reference = () => schema
  const schema: v.GenericSchema = v._standardSchema({
    kind: 'schema',
    type,
    reference,
    expects: type,
    async: false,
    '~run': (dataset, config) => execute(dataset.value, config),
  })
  return schema
}

/** The value is right. */
export function accept(value: unknown): Outcome {
  return { typed: true, value }
}

/** The value is wrong as a whole. */
export function refuse(message: string): Outcome {
  return { typed: false, value: undefined, issues: [createIssue(message)] }
}

/** The value is wrong where the issues say; without any it is right. */
export function conclude(value: unknown, issues: readonly v.BaseIssue<unknown>[]): Outcome {
  const [first, ...rest] = issues
  return first === undefined ? accept(value) : { typed: false, value: undefined, issues: [first, ...rest] }
}

/** An issue at the value of a schema. It contains no input. */
export function createIssue(message: string): v.BaseIssue<unknown> {
  return { kind: 'schema', type: 'json_schema', input: undefined, expected: null, received: '', message }
}

/** An issue at a member or an item of that value. */
export function createIssueAt(key: string | number, message: string): v.BaseIssue<unknown> {
  return atKey(createIssue(message), key)
}

/** Moves an issue of a member or an item to the value around it. The path consists of keys, without input. */
export function atKey(issue: v.BaseIssue<unknown>, key: string | number): v.BaseIssue<unknown> {
  const item: v.IssuePathItem = { type: 'unknown', origin: 'value', input: undefined, key, value: undefined }
  return { ...issue, input: undefined, received: '', path: [item, ...(issue.path ?? [])] }
}
