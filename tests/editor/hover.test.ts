// @module-tag slow
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LanguageServer } from './language-server.ts'

/** What an editor offers inside the braces of a call, as the language server names kinds. */
const FIELD = 5
const PROPERTY = 10

const IMPORTS = `import { BasePredictor, batch, createApp } from 'incant'
import { apiKeyAuth, basicAuth, bearerAuth, bodyTokenAuth, issueToken, jwtAuth, mutualTlsAuth, privateNetwork, rateLimit, tokenFile } from 'incant/auth'
import { ModelClient } from 'incant/client'
import { counter, gauge, histogram } from 'incant/metrics'
import { createLogger, runUntilSignal, serve } from 'incant/node'
import { testPredictor } from 'incant/testing'
class P extends BasePredictor { predict() {} }
const server = await serve(P)
`

/** Every call that takes an options object: its beginning and its end, and an option it has. */
const CALLS: readonly (readonly [begin: string, end: string, option: string])[] = [
  ['createApp(P, ', ')', 'maxBodySize'],
  ['serve(P, ', ')', 'workers'],
  ['serve(P, { source: ', '})', 'exportName'],
  ['server.close(', ')', 'gracePeriod'],
  ['server.replace(P, ', ')', 'config'],
  ['testPredictor(P, ', ')', 'signature'],
  ['createLogger(', ')', 'level'],
  ['batch(', ')', 'maxWait'],
  ['bearerAuth(', ')', 'tokens'],
  ['apiKeyAuth(', ')', 'tokens'],
  ['basicAuth(', ')', 'users'],
  ['bodyTokenAuth(', ')', 'tokens'],
  ['jwtAuth(', ')', 'issuer'],
  ['mutualTlsAuth(', ')', 'realm'],
  ['privateNetwork(', ')', 'allow'],
  ['rateLimit(', ')', 'per'],
  ['issueToken(', ')', 'expires'],
  ["tokenFile('tokens.json').create(", ')', 'name'],
  ["tokenFile('tokens.json').rotate(", ')', 'id'],
  ["new ModelClient('http://a', ", ')', 'timeout'],
  ["new ModelClient('http://a', { retry: ", '})', 'attempts'],
  ["new ModelClient('http://a').predict({}, ", ')', 'signal'],
  ["counter('a', ", ')', 'help'],
  ["gauge('a', ", ')', 'help'],
  ["histogram('a', ", ')', 'buckets'],
]

/** Written down once for each of its forms: TypeScript 7 then shows the documentation of none, 5.9 that of both. */
const TWO_FORMS = ['basicAuth(verify']

let server: LanguageServer
beforeAll(async () => {
  server = await LanguageServer.start()
})
afterAll(() => server.close())

let documents = 0

/** Opens a document that no file has, where `incant` means the package as it is built. */
function open(text: string): { uri: string } {
  documents += 1
  const uri = new URL(`_document-${documents}.ts`, import.meta.url).href
  server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } })
  return { uri }
}

/** The names that an editor offers between the braces of a call. */
async function optionsOf(begin: string, end: string): Promise<string[]> {
  const text = `${IMPORTS}${begin}{  }${end}\n`
  const position = { line: IMPORTS.split('\n').length - 1, character: begin.length + 2 }
  const completion = await server.request('textDocument/completion', { textDocument: open(text), position })
  const { items } = completion as { items: readonly { label: string; kind: number }[] }
  const options = items.filter(({ kind }) => kind === FIELD || kind === PROPERTY)
  return [...new Set(options.map(({ label }) => label.replace(/\?$/, '')))]
}

/** What an editor shows over an option, below its type. */
async function documentationOf(textDocument: { uri: string }, line: number): Promise<string> {
  const hover = await server.request('textDocument/hover', { textDocument, position: { line, character: 3 } })
  const { contents } = (hover ?? { contents: { value: '' } }) as { contents: { value: string } }
  return contents.value.replace(/^```[\s\S]*?```/, '').trim()
}

test.each(CALLS)('an editor documents every option of %s{ … }%s', async (begin, end, option) => {
  const options = await optionsOf(begin, end)
  expect(options).toContain(option)
  const openWith = (rows: readonly string[]) => open(`${IMPORTS}${begin}{\n${rows.join(',\n')}\n}${end}\n`)
  const together = openWith(options.map(name => `  ${name}: undefined as never`))
  const first = IMPORTS.split('\n').length
  const silent: string[] = []
  for (const [index, name] of options.entries()) {
    if ((await documentationOf(together, first + index)) === '') silent.push(name)
  }
  expect(silent.filter(name => !TWO_FORMS.includes(`${begin}${name}`))).toEqual([])
})

test('an option of the server shows its unit, its default, its flag and its variable', async () => {
  const textDocument = open(`${IMPORTS}serve(P, {\n  requestTimeout: '5s',\n})\n`)
  const shown = await documentationOf(textDocument, IMPORTS.split('\n').length)
  for (const part of ['milliseconds', '@default', '1m', '--request-timeout', 'INCANT_REQUEST_TIMEOUT']) {
    expect(shown).toContain(part)
  }
})
