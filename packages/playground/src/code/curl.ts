import { listFields } from '../call/request.ts'
import { toJSON } from '../schema/value.ts'
import { quoteShell, quoteWithVariables } from './quote.ts'
import { isBasic, MOST_JSON, type Sample, secretHeader, secretMember } from './sample.ts'

/** The call as a command for a POSIX shell. */
export function writeCurl(sample: Sample): string {
  const { url, methods, isStream } = sample
  const secret = secretHeader(methods)
  const words = [
    `curl ${isStream ? '-N ' : ''}${quoteShell(url)}`,
    ...(secret === undefined
      ? []
      : [`-H ${quoteWithVariables(`${secret.name}: ${secret.prefix}$${secret.variable}`)}`]),
    ...(isBasic(methods) ? ['-u "$USER_NAME:$PASSWORD"'] : []),
    ...describeBody(sample),
  ]
  return words.join(' \\\n  ')
}

function describeBody({ body, input, methods }: Sample): readonly string[] {
  switch (body.kind) {
    case 'none':
      return ['-X POST']
    case 'json':
      return describeJSON(input.value === undefined ? undefined : toJSON(input.value), secretMember(methods))
    case 'text':
      return [`-H ${quoteShell(`Content-Type: ${input.type}`)}`, `--data-raw ${quoteShell(String(input.value ?? ''))}`]
    case 'form':
      return listFields(input.value).map(([name, value]) => describeField(name, value))
    case 'bytes':
      return [
        `-H ${quoteShell(`Content-Type: ${input.type}`)}`,
        `--data-binary ${quoteShell(`@${input.file?.name ?? 'file'}`)}`,
      ]
  }
}

function describeJSON(json: string | undefined, member: string | undefined): readonly string[] {
  if (json === undefined) return ['-X POST']
  const type = `-H 'Content-Type: application/json'`
  if (json.length > MOST_JSON) return [type, '--data-binary @payload.json']
  if (member === undefined) return [type, `--data-raw ${quoteShell(json)}`]
  const rest = json === '{}' ? '}' : `, ${json.slice(1)}`
  // Leaves the single quotes for the variable.
  return [type, `--data-raw ${quoteShell(`{${JSON.stringify(member)}: "`)}"$TOKEN"${quoteShell(`"${rest}`)}`]
}

/** Escapes the characters that have a meaning in a value of `-F`. */
function describeField(name: string, value: string | File): string {
  if (value instanceof File) return `-F ${quoteShell(`${name}=@${value.name}`)}`
  return `${/^[@<]|;/.test(value) ? '--form-string' : '-F'} ${quoteShell(`${name}=${value}`)}`
}
