// The OpenAPI documents of several predictors in the hands of other people's tools: a validator must take each, and a
// generator must make client types of it that let right calls compile and wrong ones not.
//
//   node tests/tools/openapi.js
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const generated = here('fixtures/generated')

run('node', ['../../scripts/setup.js'])
if (!existsSync(here('node_modules'))) run('npm', ['ci', '--ignore-scripts'])
rmSync(generated, { recursive: true, force: true })
mkdirSync(generated)
try {
  const documents = await describeAll(here('fixtures/predictors.ts'))
  for (const { name, document } of documents) await checkDocument(name, document)
  checkClients(documents.length)
} finally {
  rmSync(generated, { recursive: true })
}

/** Runs a command in this folder, and stops where it fails. */
function run(command, parameters) {
  const { status, error } = spawnSync(command, parameters, { cwd: here('.'), stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} failed`, { cause: error })
}

/** The document of every predictor in a file, its signature read as the server reads it. */
async function describeAll(file) {
  const { readSignatures } = await import('../../packages/cli/dist/index.js')
  const { describePredictor } = await import('../../packages/incant/dist/internal.js')
  const { signatures } = readSignatures({ file, all: true })
  return signatures.map(signature => ({ name: signature.className, document: describePredictor({ signature }) }))
}

async function checkDocument(name, document) {
  const { compileErrors, validate } = await import('@readme/openapi-parser')
  const result = await validate(structuredClone(document))
  if (!result.valid) throw new Error(`The document of ${name} is not valid\n${compileErrors(result)}`)
  const { default: generate, astToString } = await import('openapi-typescript')
  writeFileSync(`${generated}/${name}.d.ts`, astToString(await generate(structuredClone(document))))
}

/** Compiles the calls: no error in `uses.ts`, and one on exactly the lines of `misuses.ts` that say they are wrong. */
function checkClients(count) {
  const found = compile(here('fixtures/tsconfig.json'))
  const lines = readFileSync(here('fixtures/misuses.ts'), 'utf8').split('\n')
  const expected = lines.flatMap((line, index) => (line.endsWith('// wrong') ? [`misuses.ts:${index + 1}`] : []))
  const places = new Set(found.map(({ place }) => place))
  const unexpected = found.filter(({ place }) => !expected.includes(place))
  const missed = expected.filter(place => !places.has(place))
  if (unexpected.length + missed.length > 0) {
    const messages = unexpected.map(({ place, message }) => `${place}: ${message}`)
    throw new Error([...messages, ...missed.map(place => `${place}: compiles, and must not`)].join('\n'))
  }
  console.log(`${count} documents are valid; their clients compile, and ${expected.length} wrong uses do not`)
}

function compile(configuration) {
  const ts = createRequire(import.meta.url)('typescript')
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: diagnostic => {
      throw new Error(String(diagnostic.messageText))
    },
  }
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(configuration, {}, host)
  const program = ts.createProgram(fileNames, options)
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => ({
    place:
      file === undefined
        ? 'the configuration'
        : `${file.fileName.split('/').at(-1)}:${file.getLineAndCharacterOfPosition(start).line + 1}`,
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }))
}
