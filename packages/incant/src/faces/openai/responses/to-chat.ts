import { asRequestError } from '../../../http/failure.ts'
import { isObject } from '../../../validation/json-types.ts'
import { ApiRefusal, invalidValue, unsupported } from '../refusal.ts'
import { toMessages } from './to-messages.ts'

type Body = Readonly<Record<string, unknown>>

/** Members that would need a server that keeps what it has answered. */
const STATEFUL = ['previous_response_id', 'conversation', 'prompt', 'background']

/** Members that are dropped, as the answer is as good without them, or whose defaults ask for nothing. */
const HARMLESS = ['store', 'include', 'context_management', 'stream_options']

/**
 * A request of `/v1/responses` as one of a chat, so that one predictor serves both. What it keeps from one call to the next is
 * refused: `previous_response_id`, `conversation`, `background`.
 */
export function toChat(body: Body): Body {
  for (const name of STATEFUL) {
    const value = body[name]
    if (value !== undefined && value !== null && value !== false) {
      throw unsupported(name, `${name} is not supported: nothing is kept from one call to the next.`)
    }
  }
  const { input, instructions, tools, tool_choice, text, reasoning, max_output_tokens, truncation, ...others } = body
  if (truncation === 'auto') throw unsupported('truncation')
  const rest = Object.entries(others).filter(([name]) => ![...STATEFUL, ...HARMLESS].includes(name))
  if (!['string', 'undefined'].includes(typeof (instructions ?? undefined))) {
    throw invalidValue('instructions', 'instructions must be a string.')
  }
  const system = typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : []
  return {
    ...Object.fromEntries(rest),
    messages: [...system, ...toMessages(input)],
    ...present('tools', toTools(tools)),
    ...present('tool_choice', toToolChoice(tool_choice)),
    ...present('max_completion_tokens', max_output_tokens),
    ...readText(text),
    ...readReasoning(reasoning),
  }
}

function present(name: string, value: unknown): object {
  return value === undefined || value === null ? {} : { [name]: value }
}

function toTools(tools: unknown): readonly unknown[] | undefined {
  if (tools === undefined || tools === null) return undefined
  if (!Array.isArray(tools)) throw invalidValue('tools', 'tools must be a list.')
  return tools.map((tool: unknown, index) => {
    if (!isObject(tool) || tool['type'] !== 'function') {
      throw unsupported(`tools[${index}]`, 'Only tools of the type function are supported.')
    }
    const { type, ...called } = tool
    return { type, function: called }
  })
}

function toToolChoice(choice: unknown): unknown {
  if (!isObject(choice)) return choice
  if (choice['type'] !== 'function') throw unsupported('tool_choice')
  return { type: 'function', function: { name: choice['name'] } }
}

function readText(text: unknown): object {
  if (!isObject(text)) return {}
  const { format, verbosity } = text
  const told = verbosity === 'medium' ? {} : present('verbosity', verbosity)
  if (!isObject(format) || format['type'] === 'text') return told
  const { type, ...schema } = format
  return { ...told, response_format: type === 'json_schema' ? { type, json_schema: schema } : { type } }
}

function readReasoning(reasoning: unknown): object {
  return isObject(reasoning) ? present('reasoning_effort', reasoning['effort']) : {}
}

/** The name of a chat member in a request of this kind. */
const NAMES: Readonly<Record<string, string>> = {
  messages: 'input',
  max_completion_tokens: 'max_output_tokens',
  max_tokens: 'max_output_tokens',
  response_format: 'text.format',
  reasoning_effort: 'reasoning.effort',
  verbosity: 'text.verbosity',
}

/** Refuses under the name that the caller used. */
export function underItsName(thrown: unknown): unknown {
  if (thrown instanceof ApiRefusal) {
    const { code, param, message } = thrown.reason
    const name = param === null ? undefined : NAMES[param]
    return name === undefined
      ? thrown
      : new ApiRefusal({ code, param: name, message: message.replace(param ?? '', name) })
  }
  const [issue] = asRequestError(thrown)?.issues ?? []
  const name = issue && NAMES[issue.pointer.split('/')[1] ?? '']
  return name === undefined ? thrown : invalidValue(name, `${name} ${issue?.detail}.`)
}
