import type { Definitions, JSONSchema, JSONValue } from 'incant'
import { proposeExample } from './example.ts'
import { quote } from './quote.ts'

/** The words of a curl command that send a form with an example of each field that must be there. */
export function sendForm(schema: JSONSchema | undefined, definitions: Definitions, file: string): string {
  if (schema === undefined) return `-F name=value -F ${quote(`file=@${file}`)}`
  const example = proposeExample(schema, definitions)
  const members = membersOf(schema, definitions)
  const words = Object.entries(Object(example) as Readonly<Record<string, JSONValue>>).map(([name, value]) =>
    isFile(members[name] ?? {}) ? `-F ${quote(`${name}=@${file}`)}` : sendText(name, value),
  )
  return words.length === 0 ? '-X POST' : words.join(' ')
}

/** To `-F`, some characters of a value are instructions. */
function sendText(name: string, value: JSONValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `${/^[@<]|;/.test(text) ? '--form-string' : '-F'} ${quote(`${name}=${text}`)}`
}

function membersOf(schema: JSONSchema, definitions: Definitions): Readonly<Record<string, JSONSchema>> {
  const { $ref, anyOf, properties = {} } = schema
  const [first = $ref === undefined ? undefined : definitions[$ref.replace('#/$defs/', '')]] = anyOf ?? []
  return first === undefined ? properties : membersOf(first, definitions)
}

function isFile({ format, items }: JSONSchema): boolean {
  return format === 'binary' || (items !== undefined && items !== false && items.format === 'binary')
}
