import { isObject } from '../../../validation/json-types.ts'

/** The tokens of one call. */
export interface Usage {
  readonly prompt: number
  readonly completion: number
}

/** The token counts from predict. Undefined: none. */
export function readUsage(value: unknown): Usage | undefined {
  const usage = isObject(value) ? value['usage'] : undefined
  if (!isObject(usage)) return undefined
  return { prompt: toCount(usage['prompt_tokens']), completion: toCount(usage['completion_tokens']) }
}

function toCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

/** The tokens of the answers to some prompts, `choices` to each: its prompt counts once. */
export function addUsages(usages: readonly Usage[], choices = 1): Usage {
  const prompts = Array.from({ length: usages.length / choices }, (_, index) =>
    Math.max(...usages.slice(index * choices, (index + 1) * choices).map(({ prompt }) => prompt)),
  )
  return { prompt: sum(prompts), completion: sum(usages.map(({ completion }) => completion)) }
}

/** Tokens as an answer has them. */
export function writeUsage({ prompt, completion }: Usage): object {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
