import { listFields } from '../call/request.ts'
import { isObject, toJSON, type Value } from '../schema/value.ts'
import { isBasic, MOST_JSON, type Sample, secretHeader, secretMember } from './sample.ts'

/** The call with `fetch`, for Node, Deno, Bun and browsers. */
export function writeJavaScript(sample: Sample): string {
  const { url, isStream } = sample
  const headers = headersOf(sample)
  const [before, body] = describeBody(sample)
  const lines = [
    ...before,
    `const response = await fetch(${JSON.stringify(url)}, {`,
    "  method: 'POST',",
    ...(headers.length === 0 ? [] : ['  headers: {', ...headers.map(line => `    ${line},`), '  },']),
    ...(body === undefined ? [] : [`  body: ${body},`]),
    '})',
    ...(isStream ? STREAM : ['console.log(await response.text())']),
  ]
  return lines.join('\n')
}

const STREAM = [
  'for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {',
  '  console.log(chunk)',
  '}',
]

function headersOf({ body, input, methods }: Sample): readonly string[] {
  const secret = secretHeader(methods)
  const pair = "process.env.USER_NAME + ':' + process.env.PASSWORD"
  const basic = `Authorization: 'Basic ' + btoa(${pair})`
  const type =
    body.kind === 'json' ? 'application/json' : body.kind === 'text' || body.kind === 'bytes' ? input.type : undefined
  return [
    ...(type === undefined ? [] : [`'Content-Type': ${JSON.stringify(type)}`]),
    ...(secret === undefined
      ? []
      : [`${JSON.stringify(secret.name)}: \`${secret.prefix}\${process.env.${secret.variable}}\``]),
    ...(isBasic(methods) ? [basic] : []),
  ]
}

function describeBody({
  body,
  input,
  methods,
}: Sample): readonly [before: readonly string[], body: string | undefined] {
  switch (body.kind) {
    case 'none':
      return [[], undefined]
    case 'json':
      return describeJSON(input.value, secretMember(methods))
    case 'text':
      return [[], JSON.stringify(String(input.value ?? ''))]
    case 'form':
      return [describeForm(input.value), 'form']
    case 'bytes':
      return [
        ["import { readFile } from 'node:fs/promises'", ''],
        `await readFile(${JSON.stringify(input.file?.name ?? 'file')})`,
      ]
  }
}

function describeJSON(value: Value, member: string | undefined): readonly [readonly string[], string | undefined] {
  if (value === undefined) return [[], undefined]
  const json = toJSON(value, 2)
  if (json.length > MOST_JSON)
    return [["import { readFile } from 'node:fs/promises'", ''], "await readFile('payload.json')"]
  const secret =
    member === undefined
      ? ''
      : `${JSON.stringify(member)}: process.env.TOKEN${isObject(value) && Object.keys(value).length > 0 ? ', ' : ''}`
  const literal = secret === '' ? json : `{ ${secret}${json === '{}' ? '' : `...${json}`} }`
  return [[], `JSON.stringify(${literal.replaceAll('\n', '\n  ')})`]
}

function describeForm(value: Value): readonly string[] {
  const fields = listFields(value)
  const hasFiles = fields.some(([, field]) => field instanceof File)
  return [
    ...(hasFiles ? ["import { openAsBlob } from 'node:fs'", ''] : []),
    'const form = new FormData()',
    ...fields.map(([name, field]) =>
      field instanceof File
        ? `form.append(${JSON.stringify(name)}, await openAsBlob(${JSON.stringify(field.name)}, { type: ${JSON.stringify(field.type)} }), ${JSON.stringify(field.name)})`
        : `form.append(${JSON.stringify(name)}, ${JSON.stringify(field)})`,
    ),
  ]
}
