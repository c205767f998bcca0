import type { Faces } from '../document/models.ts'

interface FaceParts {
  readonly base: string
  readonly faces: Faces
}

/** How to reach a model through the other protocols that its server speaks, by the name of the sample. */
export function writeFaces({ base, faces: { chat, mcp, inference } }: FaceParts): Readonly<Record<string, string>> {
  return {
    ...(chat !== undefined && { OpenAI: writeOpenAI(base, chat) }),
    ...(mcp !== undefined && { MCP: writeMCP(base) }),
    ...(inference !== undefined && { V2: writeV2(base, inference) }),
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

function writeV2(base: string, model: string): string {
  const url = `${base}v2/models/${encodeURIComponent(model)}`
  return [
    `curl '${url}'`,
    '',
    `curl '${url}/infer' \\`,
    "  -H 'Content-Type: application/json' \\",
    '  --data-binary @request.json',
  ].join('\n')
}
