import { listFields } from '../call/request.ts'
import { isObject, toJSON, type Value } from '../schema/value.ts'
import type { Method } from '../sign-in/methods.ts'
import { MOST_JSON, type Sample } from './sample.ts'

/** The call with `incant/client`. Without the predictor's class as its type parameter, the client accepts any payload. */
export function writeTypeScript(sample: Sample): string {
  const { base, body, isStream, methods, url } = sample
  const [before, payload] = describePayload(sample)
  const imports = ['ModelClient', ...(body.kind === 'form' ? ['form'] : payload.startsWith('json(') ? ['json'] : [])]
  const auth = describeAuth(methods[0])
  // With several models, the name of the model is part of the address.
  const address = url.replace(/\/predict$/, '') || base.replace(/\/$/, '')
  const call = `await model.predict(${payload})`
  return [
    `import { ${imports.sort().join(', ')} } from 'incant/client'`,
    ...before,
    '',
    `const model = new ModelClient(${JSON.stringify(address)}${auth === undefined ? '' : `, { auth: ${auth} }`})`,
    ...(isStream ? STREAM.map(line => line.replace('CALL', call)) : [`console.log(${call})`]),
  ].join('\n')
}

const STREAM = ['const items = CALL as AsyncIterable<unknown>', 'for await (const item of items) console.log(item)']

function describeAuth(method: Method | undefined): string | undefined {
  const token = "process.env.TOKEN ?? ''"
  switch (method?.kind) {
    case 'bearer':
      return `{ bearer: ${token} }`
    case 'basic':
      return "{ basic: { name: process.env.USER_NAME ?? '', password: process.env.PASSWORD ?? '' } }"
    case 'header':
      return `{ apiKey: ${token}, header: ${JSON.stringify(method.name)} }`
    case 'member':
      return `{ bodyToken: ${token}, member: ${JSON.stringify(method.name)} }`
    default:
      return undefined
  }
}

function describePayload({ body, input }: Sample): readonly [before: readonly string[], payload: string] {
  const { value } = input
  switch (body.kind) {
    case 'none':
      return [[], 'undefined']
    case 'json':
      return describeJSON(value)
    case 'text':
      return [[], JSON.stringify(String(value ?? ''))]
    case 'form':
      return describeForm(value)
    case 'bytes': {
      const name = JSON.stringify(input.file?.name ?? 'file')
      const blob = `new Blob([await readFile(${name})], { type: ${JSON.stringify(input.type)} })`
      return [["import { readFile } from 'node:fs/promises'"], blob]
    }
  }
}

function describeJSON(value: Value): readonly [readonly string[], string] {
  if (value === undefined) return [[], 'undefined']
  const json = toJSON(value, 2)
  if (json.length > MOST_JSON) {
    return [["import { readFile } from 'node:fs/promises'"], "JSON.parse(await readFile('payload.json', 'utf8'))"]
  }
  return [[], typeof value === 'string' ? `json(${json})` : json]
}

function describeForm(value: Value): readonly [readonly string[], string] {
  const hasFiles = listFields(value).some(([, field]) => field instanceof File)
  const write = (member: Value): string => {
    if (member instanceof File)
      return `await openAsBlob(${JSON.stringify(member.name)}, { type: ${JSON.stringify(member.type)} })`
    return Array.isArray(member) ? `[${member.map(write).join(', ')}]` : toJSON(member)
  }
  const members = isObject(value) ? Object.entries(value).filter(([, member]) => member !== undefined) : []
  const fields = members.map(([name, member]) => `${JSON.stringify(name)}: ${write(member)}`)
  return [hasFiles ? ["import { openAsBlob } from 'node:fs'"] : [], `form({ ${fields.join(', ')} })`]
}
