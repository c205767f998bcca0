// @module-tag slow
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type IncantProcess, startIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

function describePredictor(member: string): string {
  return `import { BasePredictor } from 'incant'
import { word } from './word.ts'
console.log('loaded', word)
export default class Predictor extends BasePredictor {
  predict(payload: { ${member}: number }): string { return word + payload.${member} }
}
`
}

const word = (text: string): string => `export const word: string = '${text}'\n`

/** Waits for a line of the log, which is JSON as all of standard output. */
async function untilLogged(server: IncantProcess, message: RegExp, times = 1): Promise<void> {
  const until = Date.now() + 40_000
  for (;;) {
    const lines = server.output.stdout.split('\n').slice(0, -1)
    const messages = lines.map(line => String(JSON.parse(line).msg))
    if (messages.filter(text => message.test(text)).length >= times) return
    if (Date.now() > until)
      throw new Error(`${message} was not logged:\n${server.output.stdout}${server.output.stderr}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function ask(url: string, payload: object): Promise<[status: number, text: string]> {
  const response = await fetch(`${url}/predict`, { method: 'POST', body: JSON.stringify(payload) })
  const text = await response.text()
  return [response.status, response.ok ? text : JSON.parse(text).code]
}

it.each([
  ['one process', '1'],
  ['none', '0'],
])(
  'SIGHUP serves new code with its new types, and the code before where the new one does not start: workers %s',
  async (_name, workers) => {
    const cwd = temporaryFolder({ 'p.ts': describePredictor('a'), 'word.ts': word('one') })
    const server = startIncant(['serve', 'p.ts', '--port', '0', '--drain-delay', '0s', '--workers', workers], { cwd })
    const { url } = await server.ready()
    expect(await ask(url, { a: 1 })).toEqual([200, 'one1'])

    writeFileSync(join(cwd, 'word.ts'), 'export const word: string = (')
    server.kill('SIGHUP')
    await untilLogged(
      server,
      /^reload failed, still serving the previous version: word\.ts:1:\d+: the file does not parse/,
    )
    expect(await ask(url, { a: 1 })).toEqual([200, 'one1'])

    writeFileSync(join(cwd, 'word.ts'), word('two'))
    writeFileSync(join(cwd, 'p.ts'), describePredictor('b'))
    let failures = 0
    let asked = 0
    const load = setInterval(async () => {
      asked += 1
      const [status] = await ask(url, { a: 1, b: 2 }).catch(() => [0])
      if (status !== 200) failures += 1
    }, 10)
    server.kill('SIGHUP')
    await untilLogged(server, /^reloaded$/)
    clearInterval(load)
    expect(await ask(url, { b: 2 })).toEqual([200, 'two2'])
    expect(await ask(url, { a: 1 })).toEqual([422, 'invalid_payload'])
    expect([asked > 0, failures]).toEqual([true, 0])

    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  },
)

it('--watch serves new code when a file beside the predictor changes', async () => {
  const cwd = temporaryFolder({ 'p.ts': describePredictor('a'), 'word.ts': word('one') })
  const server = startIncant(['serve', 'p.ts', '--port', '0', '--drain-delay', '0s', '--watch'], { cwd })
  const { url } = await server.ready()
  for (const text of ['two', 'three']) {
    writeFileSync(join(cwd, 'word.ts'), word(text))
    await untilLogged(server, /^reloaded$/, text === 'two' ? 1 : 2)
    expect(await ask(url, { a: 1 })).toEqual([200, `${text}1`])
  }
  server.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
})
