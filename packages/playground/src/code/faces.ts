import type { Faces } from '../document/models.ts'

interface FaceParts {
  readonly base: string
  readonly model: string
  readonly faces: Faces
}

/** How to reach a model through the other protocols that its server speaks, by the name of the sample. */
export function writeFaces({ base, model, faces }: FaceParts): Readonly<Record<string, string>> {
  return {
    ...(faces.chat ? { OpenAI: writeOpenAI(base, model) } : {}),
    ...(faces.mcp ? { MCP: writeMCP(base) } : {}),
    ...(faces.inference ? { V2: writeV2(base, model) } : {}),
  }
}

function writeOpenAI(base: string, model: string): string {
  return [
    'from openai import OpenAI  # pip install openai',
    '',
    `client = OpenAI(base_url=${JSON.stringify(`${base}v1`)}, api_key="none")`,
    'answer = client.chat.completions.create(',
    `    model=${JSON.stringify(model)},`,
    '    messages=[{"role": "user", "content": "Hello"}],',
    ')',
    'print(answer.choices[0].message.content)',
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
