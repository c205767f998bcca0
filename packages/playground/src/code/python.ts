import { listFields } from '../call/request.ts'
import { isObject, toJSON, type Value } from '../schema/value.ts'
import { toPython } from './quote.ts'
import { isBasic, MOST_JSON, type Sample, secretHeader, secretMember } from './sample.ts'

/** The call in Python: with the standard library, except forms, which need `requests`. */
export function writePython(sample: Sample): string {
  if (sample.body.kind === 'form') return writeForm(sample)
  const { url, isStream, methods, body } = sample
  const [type, data] = describeBody(sample)
  const headers = [
    ...(type === undefined ? [] : [`${JSON.stringify('Content-Type')}: ${toPython(type)}`]),
    ...secretsOf(sample),
  ]
  const imports = ['json', 'os', 'base64'].filter(name =>
    new RegExp(`\\b${name}\\.`).test(`${data} ${headers.join(' ')}`),
  )
  return [
    ...imports.map(name => `import ${name}`).sort(),
    'import urllib.request',
    '',
    'request = urllib.request.Request(',
    `    ${toPython(url)},`,
    '    method="POST",',
    ...(headers.length === 0 ? [] : [`    headers={${headers.join(', ')}},`]),
    ...(body.kind === 'none' || data === undefined ? [] : [`    data=${data},`]),
    ')',
    'with urllib.request.urlopen(request) as response:',
    ...(isStream
      ? ['    for line in response:', '        print(line.decode(), end="")']
      : [`    print(response.read()${body.kind === 'none' || methods.length >= 0 ? '.decode()' : ''})`]),
  ].join('\n')
}

function secretsOf({ methods }: Sample): readonly string[] {
  const secret = secretHeader(methods)
  const basic = `"Authorization": "Basic " + base64.b64encode((os.environ["USER_NAME"] + ":" + os.environ["PASSWORD"]).encode()).decode()`
  return [
    ...(secret === undefined
      ? []
      : [
          `${toPython(secret.name)}: ${secret.prefix === '' ? '' : `${toPython(secret.prefix)} + `}os.environ["${secret.variable}"]`,
        ]),
    ...(isBasic(methods) ? [basic] : []),
  ]
}

function describeBody({ body, input, methods }: Sample): readonly [type: string | undefined, data: string | undefined] {
  switch (body.kind) {
    case 'json':
      return input.value === undefined
        ? [undefined, undefined]
        : ['application/json', describeJSON(input.value, secretMember(methods))]
    case 'text':
      return [input.type, `${toPython(String(input.value ?? ''))}.encode()`]
    case 'bytes':
      return [input.type, `open(${toPython(input.file?.name ?? 'file')}, "rb").read()`]
    default:
      return [undefined, undefined]
  }
}

function describeJSON(value: Value, member: string | undefined): string {
  if (toJSON(value).length > MOST_JSON) return 'open("payload.json", "rb").read()'
  const plain: unknown = JSON.parse(toJSON(value))
  const own = toPython(plain)
  const secret =
    member === undefined
      ? ''
      : `${toPython(member)}: os.environ["TOKEN"]${isObject(value) && Object.keys(value).length > 0 ? ', ' : ''}`
  return `json.dumps(${secret === '' ? own : `{${secret}${own.slice(1)}`}).encode()`
}

function writeForm(sample: Sample): string {
  const fields = listFields(sample.input.value)
  const texts = fields.flatMap(([name, field]) =>
    field instanceof File ? [] : [`(${toPython(name)}, (None, ${toPython(field)}))`],
  )
  const files = fields.flatMap(([name, field]) =>
    field instanceof File
      ? [`(${toPython(name)}, (${toPython(field.name)}, open(${toPython(field.name)}, "rb"), ${toPython(field.type)}))`]
      : [],
  )
  const headers = secretsOf(sample)
  return [
    ...(headers.length === 0 ? [] : [...(isBasic(sample.methods) ? ['import base64'] : []), 'import os', '']),
    'import requests  # pip install requests',
    '',
    'response = requests.post(',
    `    ${toPython(sample.url)},`,
    ...(headers.length === 0 ? [] : [`    headers={${headers.join(', ')}},`]),
    '    files=[',
    ...[...texts, ...files].map(line => `        ${line},`),
    '    ],',
    ')',
    'print(response.text)',
  ].join('\n')
}
