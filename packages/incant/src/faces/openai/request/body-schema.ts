import type { Definitions, JSONSchema } from '../../../schema/json-schema.ts'
import type { RequestProtocol } from '../../../signature/signature.ts'
import { definitionOf } from '../../../validation/json-types.ts'
import type { MemberRules } from './choose-members.ts'
import { inputSchema } from './inputs.ts'
import type { ApiRequest } from './request-of.ts'
import { EMBEDDING_RULES, RULES } from './rules.ts'

const NULL: JSONSchema = { type: 'null' }

/** Members that the face reads itself. */
export const CONTROLS: Readonly<Record<string, JSONSchema>> = {
  model: { type: ['string', 'null'] },
  stream: { type: ['boolean', 'null'] },
  stream_options: { anyOf: [{ type: 'object', properties: { include_usage: { type: ['boolean', 'null'] } } }, NULL] },
  n: { type: ['integer', 'null'], minimum: 1, maximum: 128 },
  stop: {
    anyOf: [
      { type: 'string', maxLength: 1000 },
      { type: 'array', items: { type: 'string', maxLength: 1000 }, maxItems: 16 },
      NULL,
    ],
  },
  echo: { type: ['boolean', 'null'] },
  encoding_format: { enum: ['float', 'base64', null] },
  top_n: { type: ['integer', 'null'], minimum: 1 },
  return_documents: { type: ['boolean', 'null'] },
  response_format: { enum: ['b64_json', null] },
}

/**
 * What a caller may send: the members that predict's type names, those that the face sees to, and nothing else, but for
 * `null`, which asks for nothing.
 */
export function requestSchema({ protocol, parameter, givesAnswer }: ApiRequest, definitions: Definitions): JSONSchema {
  const { role, schema = {} } = parameter
  if (givesAnswer || protocol === 'openai.transcription') return schema
  if (role === 'text') return close(INPUT_ALONE, EMBEDDING_RULES, { input: severalOf(schema, 2048) })
  const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, definitions)
  const { properties, additionalProperties } = target ?? schema
  // A type with an index signature, or a union, is not made narrower.
  if (properties === undefined || typeof additionalProperties === 'object') return schema
  return close(
    { ...(target ?? schema), properties },
    RULES[protocol],
    INPUTS[protocol]?.(properties, definitions) ?? {},
  )
}

type Properties = Readonly<Record<string, JSONSchema>>

const INPUT_ALONE = { type: 'object', properties: {}, required: ['input'] } as const

/** Members that callers send in another form than predict takes them. */
const INPUTS: Readonly<Partial<Record<RequestProtocol, (named: Properties, definitions: Definitions) => Properties>>> =
  {
    'openai.completion': ({ prompt = {} }, definitions) => ({
      prompt: severalOf(inputSchema(prompt, definitions), 128),
    }),
    'openai.embedding': ({ input = {} }, definitions) => ({ input: severalOf(inputSchema(input, definitions), 2048) }),
    'openai.moderation': ({ input = {} }) => ({ input: severalOf(input, 128) }),
    'openai.rerank': ({ documents = {} }) => ({ documents: { ...documents, minItems: 1 } }),
    'openai.image': () => ({ n: { type: ['integer', 'null'], minimum: 1, maximum: 10 } }),
  }

function severalOf(items: JSONSchema, maxItems: number): JSONSchema {
  return { anyOf: [items, { type: 'array', items, minItems: 1, maxItems }] }
}

function close(
  schema: JSONSchema & { readonly properties: Properties },
  rules: MemberRules,
  inputs: Properties,
): JSONSchema {
  const { properties: named } = schema
  const properties = { ...seenTo(rules), ...synonyms(named, rules), ...named, ...inputs }
  return { ...schema, properties, additionalProperties: NULL }
}

function seenTo({ done, taken, harmless, defaults }: MemberRules): Readonly<Record<string, JSONSchema>> {
  const own = [...done, ...taken].flatMap(name => {
    const control = CONTROLS[name]
    return control === undefined ? [] : [[name, control] as const]
  })
  const idle = Object.entries(defaults).map(([name, values]) => [name, asksNothing(values)] as const)
  return Object.fromEntries([...harmless.map(name => [name, {}] as const), ...idle, ...own])
}

function asksNothing(values: readonly unknown[]): JSONSchema {
  // Defaults are JSON.
  return { enum: [...(values as JSONSchema['enum'] & object), null] }
}

function synonyms(
  named: Readonly<Record<string, JSONSchema>>,
  rules: MemberRules,
): Readonly<Record<string, JSONSchema>> {
  const pairs = Object.entries(rules.synonyms).flatMap(([name, other]) => {
    const schema = named[other]
    return schema === undefined ? [] : [[name, schema] as const]
  })
  return Object.fromEntries(pairs)
}
