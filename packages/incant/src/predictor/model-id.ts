/** A model of a server: its name, and which version of it, where several can be told apart. */
export interface ModelName {
  readonly name: string
  readonly version: string | undefined
}

const PART = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}'
const MODEL_ID = new RegExp(`^(${PART})(?::(${PART}))?$`)

/** The characters of a name or a version, in words. */
export const MODEL_ID_RULE = 'at most 128 letters, digits, ".", "_" and "-", the first a letter or a digit'

/** Reads `NAME` or `NAME:VERSION`. Undefined for anything else. */
export function parseModelId(text: string): ModelName | undefined {
  const [, name, version] = MODEL_ID.exec(text) ?? []
  return name === undefined ? undefined : { name, version }
}

/** `NAME:VERSION`, or `NAME` where there is one version. */
export function formatModelId({ name, version }: ModelName): string {
  return version === undefined ? name : `${name}:${version}`
}
