// @module-tag slow
import { expect, test } from 'vitest'
import { ERRORS_PAGE } from '../errors-page.ts'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: string) {
    return payload
  }
}
`

// With what it asks for installed it is tried by tests/tools/otel.js.
test.each(['0', '1'])(
  '--otel without the SDK does not start, and says what to install: --workers %s',
  async workers => {
    const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
    const words = ['serve', 'predictor.ts', '--otel', '--port', '0', '--workers', workers]
    const { code, stdout, stderr } = await runIncant(words, { cwd })
    expect(code).toBe(1)
    expect(stderr).toBe(
      'error[otel_missing]: --otel (the option "otel") needs @opentelemetry/sdk-node, which cannot be loaded from where the predictor is\n' +
        '  fix: Install it there: npm install @opentelemetry/sdk-node @opentelemetry/api\n' +
        `  docs: ${ERRORS_PAGE}#otel_missing\n`,
    )
    expect(stdout).not.toContain('"ready"')
  },
)
