import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { serveFile } from '../../packages/cli/test/incant-process.ts'
import { temporaryFolder } from '../../packages/cli/test/temporary-folder.ts'
import { startNginxWith } from './_proxies.ts'

const PREDICTOR = `import { BasePredictor, type PredictContext } from 'incant'
export default class Predictor extends BasePredictor {
  predict({ text }: { text: string }, context: PredictContext) {
    return { length: text.length, client: context.client.address }
  }
}
`

it('a server answers under a prefix of nginx as docs/deployment.md has it', async () => {
  const page = readFileSync(new URL('../../docs/deployment.md', import.meta.url), 'utf8')
  const [location = ''] = /^location \/models\/language-id\/ \{[^}]+\}$/m.exec(page) ?? []
  const [flags = ''] = /--trusted-proxy [\d.]+/.exec(page) ?? []
  const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
  const { url: direct } = await serveFile(['predictor.ts', ...flags.split(' ')], { cwd }).ready()
  const { url } = await startNginxWith(location.replace('127.0.0.1:8000', new URL(direct).host))
  const prefix = `${url}/models/language-id`

  // Above what nginx takes by default.
  const body = JSON.stringify({ text: 'a'.repeat(2 * 1024 ** 2) })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${prefix}/predict`, { method: 'POST', body, headers })
  expect([answer.status, await answer.json()]).toEqual([200, { length: 2 * 1024 ** 2, client: '127.0.0.1' }])
  const document = await fetch(`${prefix}/openapi.json`).then(response => response.text())
  const { servers } = JSON.parse(document)
  expect(new URL(servers[0].url, `${prefix}/openapi.json`).href).toBe(`${prefix}/`)
  expect((await fetch(`${prefix}/metrics`)).status).toBe(404)
})
