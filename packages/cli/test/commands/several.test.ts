import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runIncant, serveFile, startIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

function predictor(body: string): string {
  return `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): unknown { ${body} }
}
`
}

const FILES = {
  'echo.ts': predictor('return payload.text'),
  'words.ts': predictor("return { words: payload.text.split(' ').length, where: process.env['WHERE'] ?? null }"),
  'dying.ts': predictor("if (payload.text === 'die') process.abort(); return 'alive'"),
  'blocking.ts': predictor("if (payload.text === 'block') for (;;); return 'free'"),
}

async function ask(url: string, model: string, text: string): Promise<{ status: number; body: string }> {
  const headers = { 'content-type': 'application/json' }
  const sent = { method: 'POST', headers, body: JSON.stringify({ text }) }
  const response = await fetch(`${url}/models/${model}/predict`, sent)
  return { status: response.status, body: await response.text() }
}

const readyOf = async (url: string, model: string): Promise<number> =>
  (await fetch(`${url}/models/${model}/ready`)).status

describe('incant serve with several files', { tags: ['slow'] }, () => {
  it('serves each below its name, with replicas of its own', async () => {
    const cwd = temporaryFolder({
      ...FILES,
      'server.yaml': 'models:\n  echo: echo.ts\n  words: { file: words.ts, workers: 2, env: { WHERE: here } }\n',
    })
    const server = startIncant(['serve', '--settings', 'server.yaml', '--port', '0', '--drain-delay', '0s'], { cwd })
    const { url, curl } = await server.ready()
    expect(curl).toContain(`${url}/models/echo/predict`)
    expect(await ask(url, 'echo', 'hi')).toEqual({ status: 200, body: 'hi' })
    expect(JSON.parse((await ask(url, 'words', 'a b')).body)).toEqual({ words: 2, where: 'here' })
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('incant_replicas{model="words",state="ready"} 2')
    expect(metrics).toContain('incant_replicas{model="echo",state="ready"} 1')
    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })

  it('one that dies in a loop and one that blocks leave the others, and the server, as they were', async () => {
    const cwd = temporaryFolder(FILES)
    const words = ['echo.ts', 'dying.ts', 'blocking.ts', '--request-timeout', '500ms', '--hang-timeout', '500ms']
    const server = serveFile(words, { cwd })
    const { url } = await server.ready()
    const blocked = ask(url, 'blocking', 'block')
    const dieAgain = async () => {
      await ask(url, 'dying', 'die')
      return readyOf(url, 'dying')
    }
    for (let death = 0; death < 6; death += 1) await dieAgain()
    expect(await ask(url, 'echo', 'hi')).toEqual({ status: 200, body: 'hi' })
    // How often it is started again at once depends on how fast it dies.
    await expect.poll(dieAgain, { timeout: 60_000 }).toBe(503)
    expect(await readyOf(url, 'echo')).toBe(200)
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    expect((await blocked).status).toBe(504)
    await expect.poll(async () => (await ask(url, 'blocking', 'x')).body, { timeout: 30_000 }).toBe('free')
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/incant_replica_restarts_total\{model="dying",reason="killed"\} [1-9]/)
    expect(metrics).toContain('incant_replica_restarts_total{model="echo",reason="killed"} 0')
  })

  it('a reload that fails leaves its model as it was, and no other notices', async () => {
    const cwd = temporaryFolder(FILES)
    const server = serveFile(['echo.ts', 'words.ts'], { cwd })
    const { url } = await server.ready()
    writeFileSync(join(cwd, 'echo.ts'), FILES['echo.ts'].replace('return payload.text', "return 'new ' + payload.text"))
    writeFileSync(join(cwd, 'words.ts'), 'export default nothing')
    server.kill('SIGHUP')
    await expect.poll(async () => (await ask(url, 'echo', 'hi')).body, { timeout: 30_000 }).toBe('new hi')
    await expect.poll(() => server.output.stdout, { timeout: 30_000 }).toContain('reload failed')
    expect(JSON.parse((await ask(url, 'words', 'a b')).body)).toMatchObject({ words: 2 })
    const failed = server.output.stdout.split('\n').find(line => line.includes('reload failed')) ?? '{}'
    expect(JSON.parse(failed)).toMatchObject({ model: 'words', cause: 'SIGHUP' })
  })

  it('a model that cannot be set up ends the start, and is named', async () => {
    const failing = readFileSync(join(temporaryFolder(FILES), 'echo.ts'), 'utf8').replace(
      'predict',
      "setup() { throw new Error('no weights') }\n  predict",
    )
    const cwd = temporaryFolder({ ...FILES, 'failing.ts': failing })
    const { code, stderr } = await runIncant(['serve', 'echo.ts', 'failing.ts', '--port', '0'], { cwd })
    expect(code).toBe(1)
    expect(stderr).toContain('error[setup_failed]: model failing: setup() threw: no weights')
  })

  it('--validate checks all of them and serves nothing', async () => {
    const cwd = temporaryFolder(FILES)
    const { code, stdout } = await runIncant(['serve', 'echo.ts', 'w:v1=words.ts', '--validate'], { cwd })
    expect([code, stdout]).toEqual([
      0,
      'ok echo echo.ts: Predictor.predict(payload: { text: string }) → unknown\nok w:v1 words.ts: Predictor.predict(payload: { text: string }) → unknown\n',
    ])
  })
})
