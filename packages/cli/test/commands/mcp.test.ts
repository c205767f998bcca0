import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

const INCANT = fileURLToPath(new URL('../../bin/incant.js', import.meta.url))

const WORDS = `import { BasePredictor } from 'incant'
import { bearerAuth } from 'incant/auth'

@bearerAuth({ tokens: { env: 'WORDS_TOKENS' } })
export default class Words extends BasePredictor {
  /** Says words. */
  async *predict({ words, wait = false }: { words: string[]; wait?: boolean }): AsyncGenerator<string> {
    console.log('a word of its own')
    for (const word of words) yield word
    if (wait) await new Promise(() => {})
  }
}
`

/** The tool of a file, over its standard streams. */
function startTool(text: string) {
  const cwd = temporaryFolder({ 'words.ts': text })
  const child = spawn(process.execPath, [INCANT, 'mcp', 'words.ts'], { cwd, env: { PATH: process.env['PATH'] } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    stderr: () => stderr,
    send: (message: object | string) =>
      child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    async next() {
      const { value } = await lines.next()
      return JSON.parse(value as string)
    },
    async end() {
      child.stdin.end()
      const [code] = await once(child, 'close')
      return code
    },
  }
}

const called = (args: object, more: object = {}) => ({
  method: 'tools/call',
  params: { name: 'words', arguments: args, ...more },
})

it('serves a tool over standard input, whose one caller needs no token', { tags: ['slow'] }, async () => {
  const { send, next, end, stderr } = startTool(WORDS)
  send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } })
  expect(await next()).toMatchObject({ id: 1, result: { protocolVersion: '2025-11-25' } })
  send({ method: 'notifications/initialized' })
  send('no message')
  expect(await next()).toMatchObject({ error: { code: -32700 } })
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  send({ id: 2, method: 'tools/list', params: { _meta: meta } })
  expect(await next()).toMatchObject({ id: 2, result: { resultType: 'complete', tools: [{ name: 'words' }] } })
  send({ id: 3, ...called({ words: ['a', 'b'] }, { _meta: { progressToken: 7 } }) })
  expect([(await next()).params.message, (await next()).params.message]).toEqual(['a', 'b'])
  expect(await next()).toMatchObject({ id: 3, result: { content: [{ type: 'text', text: 'ab' }] } })
  expect(await end()).toBe(0)
  expect(stderr()).toContain('a word of its own')
})

it('cancels a call that its client cancels, and answers those that came before it left', {
  tags: ['slow'],
}, async () => {
  const { send, next, end } = startTool(WORDS)
  send({ id: 'waits', ...called({ words: ['a'], wait: true }, { _meta: { progressToken: 1 } }) })
  expect(await next()).toMatchObject({ params: { message: 'a' } })
  send({ method: 'notifications/cancelled', params: { requestId: 'waits' } })
  send({ id: 'last', ...called({ words: ['z'] }) })
  const ended = end()
  expect(await next()).toMatchObject({ id: 'last', result: { content: [{ text: 'z' }] } })
  expect(await ended).toBe(0)
})

it('refuses what cannot be a tool before it takes a message', { tags: ['slow'] }, async () => {
  const unfit = WORDS.replace('{ words, wait = false }: { words: string[]; wait?: boolean }', '_: Request').replaceAll(
    /for .*\n.*\n/g,
    "yield 'a'\n",
  )
  const { child, stderr } = startTool(unfit)
  const [code] = await once(child, 'close')
  expect([code, stderr()]).toEqual([1, expect.stringContaining('error[protocol_unfit]')])
})
