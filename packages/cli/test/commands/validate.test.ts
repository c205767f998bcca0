// @module-tag slow
import { describe, expect, test } from 'vitest'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const typed = (decorator: string, body = 'predict(payload: { text: string }): number { return payload.text.length }') =>
  `import { BasePredictor } from 'incant'
import * as auth from 'incant/auth'
${decorator}
export default class Predictor extends BasePredictor {
  ${body}
}
export { auth }
`

const WARM = `static warmup = [{ text: 5 }]
  predict(payload: { text: string }): number { return payload.text.length }`
const RAW = 'predict(request: Request): string { return request.url }'

async function validate(source: string, words: readonly string[] = []) {
  const cwd = temporaryFolder({ 'p.ts': source })
  return runIncant(['serve', 'p.ts', '--validate', ...words], { cwd })
}

describe('--validate refuses what serve refuses', () => {
  test.each<[string, string, readonly string[], string, RegExp]>([
    [
      'a variable of tokens that is not set',
      typed("@auth.bearerAuth({ tokens: { env: 'NO_TOKENS' } })"),
      [],
      'invalid_auth',
      /NO_TOKENS/,
    ],
    [
      'a token in the body of a raw request',
      typed("@auth.bodyTokenAuth({ tokens: ['a-token-of-16-chars'] })", RAW),
      [],
      'invalid_auth',
      /payload|raw/i,
    ],
    ['a payload of warmup that does not fit', typed('', WARM), [], 'warmup_failed', /text/],
    [
      'a private server without TLS',
      typed(''),
      ['--visibility', 'private', '--allow', '10.0.0.0/8'],
      'insecure_http',
      /certificate/,
    ],
    [
      'credentials without TLS',
      typed("@auth.bearerAuth({ tokens: ['a-token-of-16-chars'] })"),
      ['--host', '0.0.0.0'],
      'insecure_http',
      /plain HTTP/,
    ],
    [
      'a certificate that is not there',
      typed(''),
      ['--tls-cert', 'c.pem', '--tls-key', 'k.pem'],
      'invalid_tls',
      /c\.pem/,
    ],
    ['an environment of replicas that is none', typed(''), ['--worker-env', 'a b'], 'invalid_option', /workerEnv/],
    ['a model path that is not there', typed(''), ['--model-path', 'nowhere'], 'model_not_found', /nowhere/],
  ])('%s', async (_name, source, words, code, found) => {
    const { code: exit, stdout, stderr } = await validate(source, words)
    expect(stdout).toBe('')
    expect(stderr).toContain(`error[${code}]`)
    expect(stderr).toMatch(found)
    expect(exit).toBe(1)
  })

  test('and says ok to what serve serves', async () => {
    const { code, stdout } = await validate(typed('@auth.publicAccess()'), ['--host', '0.0.0.0'])
    expect(stdout).toMatch(/^ok p\.ts: Predictor\.predict/)
    expect(code).toBe(0)
  })
})
