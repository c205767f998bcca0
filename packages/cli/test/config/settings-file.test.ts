import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/arguments/command.ts'
import { readSettings } from '../../src/arguments/settings.ts'
import { planServe } from '../../src/commands/plan-serve.ts'
import { readSettingsFile, type SettingsFile } from '../../src/config/settings-file.ts'
import { startupError } from '../startup-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const FILES = { 'ocr.ts': '', 'words/predictor.ts': '' }

function read(text: string): { file: SettingsFile; folder: string } {
  const folder = temporaryFolder({ ...FILES, 'server.yaml': text })
  return { file: readSettingsFile(join(folder, 'server.yaml')), folder }
}

describe('a settings file', () => {
  it('has settings of the server, and models with settings of each', () => {
    const { file, folder } = read(`port: 8080
maxBodySize: 20MiB
requestTimeout: 2s
allow: [10.0.0.0/8, 127.0.0.1]
tlsCert: cert.pem
openapi: false
env: { REGION: eu, LEVEL: 3 }
split:
  words: { v1: 90, v2: 10 }
models:
  ocr: ocr.ts
  words:v1:
    file: words/predictor.ts
    workers: auto
    concurrency: 4
    queue: 0
    config: words.yaml
    modelPath: weights
    env: { DEVICE: '1' }
`)
    expect(file.server).toEqual({ port: 8080, allow: ['10.0.0.0/8', '127.0.0.1'], tlsCert: join(folder, 'cert.pem') })
    expect(file.app).toEqual({ maxBodySize: 20 * 1024 ** 2, requestTimeout: 2000, openapi: false })
    expect(file.env).toEqual({ REGION: 'eu', LEVEL: '3' })
    expect(file.split).toEqual({ words: { v1: 90, v2: 10 } })
    expect(file.models).toEqual([
      { target: { file: join(folder, 'ocr.ts'), model: { name: 'ocr', version: undefined } }, options: {} },
      {
        target: { file: join(folder, 'words/predictor.ts'), model: { name: 'words', version: 'v1' } },
        options: { workers: -1, concurrency: 4, queue: 0 },
        config: join(folder, 'words.yaml'),
        modelPath: join(folder, 'weights'),
        env: { DEVICE: '1' },
      },
    ])
  })

  it('may be empty, and may be JSON', () => {
    expect(read('').file).toMatchObject({ server: {}, app: {}, models: [], split: {} })
    expect(read('{"port": 1, "models": {"ocr": "ocr.ts"}}').file).toMatchObject({ server: { port: 1 } })
  })

  it.each([
    ['prot: 1', 1, 1, 'unknown_option', 'there is no setting prot', 'Did you mean port?'],
    ['max-body-size: 1', 1, 1, 'unknown_option', 'there is no setting max-body-size', 'Did you mean maxBodySize?'],
    ['port: high', 1, 1, 'invalid_option', 'port is "high"', 'Use a whole number from 0 to 65535.'],
    ['a: [', 1, 5, 'invalid_config', 'the file does not parse', ''],
    ['- port', 1, 1, 'invalid_option', 'the file is no mapping', ''],
    ['models: ocr.ts', 1, 1, 'invalid_option', 'models is no mapping', ''],
    ['models:\n  a b: ocr.ts', 2, 3, 'invalid_option', '"a b" is not the name of a model', ''],
    ['models:\n  ocr: absent.ts', 2, 3, 'invalid_option', 'there is no predictor file absent.ts', ''],
    ['models:\n  ocr: { workers: 1 }', 2, 3, 'invalid_option', 'models.ocr names no file', 'Add file: predictor.ts.'],
    [
      'models:\n  ocr:\n    file: ocr.ts\n    port: 1',
      4,
      5,
      'unknown_option',
      'port is no setting of one model',
      'It is a setting of the server',
    ],
    [
      'models:\n  ocr:\n    file: ocr.ts\n    queu: 1',
      4,
      5,
      'unknown_option',
      'there is no setting queu',
      'Did you mean queue?',
    ],
    [
      'models:\n  ocr:\n    file: ocr.ts\n    queue: -1',
      4,
      5,
      'invalid_option',
      'models.ocr.queue is -1',
      'Use a whole number from 0.',
    ],
    ['models:\n  ocr: ocr.ts\n  ocr: ocr.ts', 3, 3, 'invalid_config', 'the file does not parse', ''],
    ['env: { INCANT_PORT: 1 }', 1, 8, 'invalid_option', 'env cannot set INCANT_PORT', ''],
    ['split:\n  words: { v1: most }', 2, 12, 'invalid_option', 'a share is no number', 'Write v1: 90.'],
  ])('%j is refused at %i:%i', (text, line, column, code, found, instead) => {
    const thrown = startupError(() => read(text))
    expect(thrown.code).toBe(code)
    expect(thrown.message).toContain(`server.yaml:${line}:${column}: ${found}`)
    expect(thrown.message).toContain(instead)
  })

  it('never shows the value of a variable', () => {
    expect(startupError(() => read('env: { TOKEN: [s3cret] }')).message).not.toContain('s3cret')
  })
})

describe('flags, variables and the file', () => {
  const plan = (words: readonly string[], text: string, flags: Readonly<Record<string, string>> = {}) => {
    const { file } = read(text)
    const given = readSettings(new Map(Object.entries(flags).map(([name, value]) => [name, [value]])), new Map())
    return planServe(COMMANDS.serve, words, { given, file })
  }

  it('a flag wins over the file, and a model over both', () => {
    const text = 'port: 1\nqueue: 2\nmodels:\n  ocr: { file: ocr.ts, queue: 3 }\n  words: words/predictor.ts'
    const planned = plan([], text, { port: '4', queue: '5' })
    expect(planned.settings.server).toEqual({ port: 4 })
    expect(planned.settings.app).toEqual({ queue: 5 })
    expect(planned.kind === 'several' && planned.models.map(({ options }) => options)).toEqual([{ queue: 3 }, {}])
  })

  it('a file with one model is one predictor, with its settings', () => {
    const planned = plan([], 'queue: 2\nmodels:\n  ocr: { file: ocr.ts, queue: 3, workers: 2, env: { A: b } }')
    expect(planned).toMatchObject({ kind: 'one', env: { A: 'b' }, target: { model: { name: 'ocr' } } })
    expect(planned.settings).toMatchObject({ app: { queue: 3 }, server: { workers: 2 } })
  })

  it('models are named in one place', () => {
    expect(() => plan(['other.ts'], 'models:\n  ocr: ocr.ts')).toThrow('the settings file names the models')
  })

  it('what belongs to one predictor is refused for several', () => {
    const text = 'models:\n  ocr: ocr.ts\n  words: words/predictor.ts'
    expect(() => plan([], text, { config: 'a.yaml' })).toThrow('--config is about one predictor')
  })

  it('files name their models, and those that all have one name take that of their folder', () => {
    const folder = temporaryFolder(FILES)
    const given = readSettings(new Map(), new Map())
    const files = [join(folder, 'ocr.ts'), join(folder, 'words/predictor.ts')]
    const planned = planServe(COMMANDS.serve, files, { given, file: undefined })
    expect(planned.kind === 'several' && planned.models.map(({ target }) => target.model.name)).toEqual([
      'ocr',
      'words',
    ])
    const twice = () => planServe(COMMANDS.serve, [join(folder, 'ocr.ts'), ...files], { given, file: undefined })
    expect(startupError(twice).message).toContain('two models are called ocr')
  })
})

it('everything that is wrong in a settings file is said at once, in its order', () => {
  const text = 'port: http\nprot: 80\nmodels:\n  ocr: { file: ocr.ts, queue: many }\n  words: { file: none.ts }\n'
  expect(startupError(() => read(text)).message.replaceAll(/\S*server\.yaml/g, 'server.yaml')).toBe(
    [
      'server.yaml:1:1: port is "http"\n  Use a whole number from 0 to 65535.',
      'server.yaml:2:1: there is no setting prot\n  Did you mean port?',
      'server.yaml:4:24: models.ocr.queue is "many"\n  Use a whole number from 0.',
      'server.yaml:5:12: there is no predictor file none.ts\n  Name a .ts or .js file, or a model file, from the folder of the settings file.',
    ].join('\n'),
  )
})
