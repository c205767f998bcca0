import { invalidValue, unsupported } from '../refusal.ts'

/** Inputs of one request, each of which is a call of predict. */
export interface InputLimits {
  readonly name: string
  readonly maximum: number
}

/** The texts of a member that is one text or a list of them. */
export function readTexts(value: unknown, { name, maximum }: InputLimits): readonly string[] {
  const texts = typeof value === 'string' ? [value] : value
  if (!Array.isArray(texts) || texts.length === 0) {
    throw invalidValue(name, `${name} must be a string, or a list of strings that is not empty.`)
  }
  if (texts.length > maximum) throw invalidValue(name, `${name} must have at most ${maximum} texts.`)
  if (texts.some(text => typeof text === 'number' || Array.isArray(text))) {
    throw unsupported(name, `This model does not take tokens in ${name}: send text.`)
  }
  if (texts.every(text => typeof text === 'string')) return texts
  throw invalidValue(name, `${name} must be a string, or a list of strings.`)
}
