import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import { StartupError } from '../../src/errors/startup-error.ts'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

const SOURCE = `
import { BasePredictor, createApp, silentLogger } from 'incant'
import { bearerAuth, requireScopes } from 'incant/auth'

const bearer = bearerAuth({ tokens: 'a' })
const replace = (_holder: object, _name: string, descriptor: PropertyDescriptor): void => {
  descriptor.value = () => ({ replaced: true })
}

class Base extends BasePredictor {
  predict(payload: unknown): unknown {
    return { payload }
  }
}

@bearer
class OnClass extends Base {}

class OnPredict extends BasePredictor {
  @bearer
  predict(payload: unknown): unknown {
    return { payload }
  }
}

class OnStatic extends BasePredictor {
  @bearer
  static predict(payload: unknown): unknown {
    return { payload }
  }
}

class Overriding extends OnPredict {
  override predict(_payload: unknown): unknown {
    return { mine: true }
  }
}

class Inheriting extends OnClass {}

class Replaced extends BasePredictor {
  @replace
  @bearer
  predict(payload: unknown): unknown {
    return { payload }
  }
}

@bearer
class Scoped extends BasePredictor {
  @requireScopes('nobody-has-it')
  predict(payload: unknown): unknown {
    return { payload }
  }
}

const classes = { OnClass, OnPredict, OnStatic, Overriding, Inheriting, Replaced, Scoped }
export const apps = Object.entries(classes).map(([name, predictor]) => {
  return [name, createApp(predictor, { logger: silentLogger })] as const
})

export function decorateHealth(): unknown {
  class Wrong extends Base {
    @bearer
    override health(): unknown {
      return {}
    }
  }
  return Wrong
}
`

/** Compiled by the compiler itself, with experimentalDecorators, against the built package. */
describe('experimentalDecorators', () => {
  let folder: string
  let apps: ReadonlyMap<string, PredictorApp> = new Map()
  let decorateHealth: () => unknown

  beforeAll(async () => {
    folder = mkdtempSync(join(ROOT, 'node_modules/.cache-legacy-decorators-'))
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      types: ['node'],
      strict: true,
      experimentalDecorators: true,
      skipLibCheck: true,
      rootDir: '.',
      outDir: 'out',
    }
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['predictors.ts'] }))
    writeFileSync(join(folder, 'predictors.ts'), SOURCE)
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, '--project', folder]).catch(
      error => error,
    )
    expect(stdout).toBe('')
    const compiled = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'out/predictors.js')).href)
    apps = new Map(compiled.apps)
    decorateHealth = compiled.decorateHealth
  })

  afterAll(async () => {
    for (const app of apps.values()) await app.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('protect whatever they stand on, and what extends it', async () => {
    const answers: Record<string, string[]> = {}
    for (const [name, app] of apps) {
      await app.ready
      const statuses = [{}, { authorization: 'Bearer x' }, { authorization: 'Bearer a' }].map(async headers =>
        String((await app.request('/predict', { method: 'POST', headers, body: '1' })).status),
      )
      answers[name] = [app.access, ...(await Promise.all(statuses))]
    }
    const expected = ['protected', '401', '401', '200']
    expect(answers).toEqual({
      OnClass: expected,
      OnPredict: expected,
      OnStatic: expected,
      Overriding: expected,
      Inheriting: expected,
      Replaced: expected,
      // Both the class's requirement and the one of its predict, which nobody meets.
      Scoped: ['protected', '401', '401', '403'],
    })
  })

  test('on a method that callers do not reach are refused', () => {
    try {
      decorateHealth()
      expect.unreachable()
    } catch (error) {
      // The compiled file has another copy of the package.
      expect(StartupError.is(error) && [error.code, error.found]).toEqual([
        'invalid_auth',
        '@bearerAuth is on health, which is not a method that requests reach',
      ])
    }
  })
})
