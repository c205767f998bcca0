import type { Faces } from '../document/models.ts'
import type { Schema } from '../document/openapi.ts'
import { quoteShell } from './quote.ts'

interface FaceParts {
  readonly base: string
  readonly faces: Faces
}

/** Samples for the other protocols of the server, by name. */
export function writeFaces({
  base,
  faces: { chat, mcp, inference, tensors },
}: FaceParts): Readonly<Record<string, string>> {
  return {
    ...(chat !== undefined && { OpenAI: writeOpenAI(base, chat) }),
    ...(mcp !== undefined && { MCP: writeMCP(base) }),
    ...(inference !== undefined && { V2: writeV2(base, inference, tensors) }),
  }
}

function writeOpenAI(base: string, model: string): string {
  return [
    "import OpenAI from 'openai' // npm install openai",
    '',
    `const client = new OpenAI({ baseURL: ${JSON.stringify(`${base}v1`)}, apiKey: process.env.TOKEN ?? 'none' })`,
    'const answer = await client.chat.completions.create({',
    `  model: ${JSON.stringify(model)},`,
    "  messages: [{ role: 'user', content: 'Hello' }],",
    '})',
    'console.log(answer.choices[0].message.content)',
  ].join('\n')
}

function writeMCP(base: string): string {
  return JSON.stringify({ mcpServers: { incant: { type: 'http', url: `${base}mcp` } } }, null, 2)
}

/** The largest number of tensor elements that are written out. */
const MOST_ELEMENTS = 24

function writeV2(base: string, model: string, tensors: readonly Schema[]): string {
  const inputs = tensors.map(exampleTensor)
  const body = inputs.includes(undefined) ? '@request.json' : quoteShell(JSON.stringify({ inputs }))
  return [
    `curl ${quoteShell(`${base}v2/models/${encodeURIComponent(model)}/infer`)} \\`,
    "  -H 'Content-Type: application/json' \\",
    `  ${inputs.includes(undefined) ? '--data-binary' : '--data-raw'} ${body}`,
  ].join('\n')
}

/** A short tensor of a type and a shape; dynamic dimensions are 1. */
function exampleTensor({ properties = {} }: Schema): object | undefined {
  const datatype = properties['datatype']?.const
  const shape = (properties['shape']?.prefixItems ?? []).map(each => Number(each.const ?? 1))
  const length = shape.reduce((product, size) => product * size, 1)
  if (length > MOST_ELEMENTS) return undefined
  const element = datatype === 'BYTES' ? 'text' : datatype === 'BOOL' ? true : 0
  return { name: properties['name']?.const, datatype, shape, data: Array.from({ length }, () => element) }
}
