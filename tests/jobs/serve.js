// Serves the predictor of this folder with jobs, and runs a program against it: node tests/jobs/serve.js PROGRAM
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withServer } from '../../examples/serving.js'

const [program] = process.argv.slice(2)
const scratch = mkdtempSync(join(tmpdir(), 'incant-jobs-'))
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
// Receivers change from one to the other.
const before = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
writeFileSync(join(scratch, 'secrets'), `${before}\n${secret}\n`)
Object.assign(process.env, {
  INCANT_PROTOCOL: 'jobs',
  INCANT_WEBHOOK_ALLOW: '127.0.0.0/8',
  INCANT_WEBHOOK_SECRETS_FILE: join(scratch, 'secrets'),
})
try {
  await withServer(new URL('predictor.ts', import.meta.url), async url => {
    const env = { ...process.env, WEBHOOK_SECRET: secret, WEBHOOK_SECRET_BEFORE: before }
    const { stdout } = await promisify(execFile)(process.execPath, [program, url], { env, timeout: 120_000 })
    process.stdout.write(stdout)
  })
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
