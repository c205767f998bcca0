import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Declaration, exportsOf, namedIn } from './public-face.ts'

const folder = fileURLToPath(new URL('../../packages/incant', import.meta.url))
const { exports }: { exports: Record<string, { types: string }> } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
)

/** What people may use, by the name they import it from. */
const ENTRIES = Object.entries(exports)
  .filter(([name, target]) => !name.startsWith('./internal') && typeof target === 'object')
  .map(([name, { types }]) => [name.replace('.', 'incant'), exportsOf(join(folder, types))] as const)

/** Steps of a type that is computed, and what a decorator may stand on: nobody writes them down. */
const STEPS = [
  ...[
    'FindPredict',
    'BodyParameter',
    'PayloadFor',
    'SubmittedFor',
    'Answer',
    'NumberView',
    'BigIntView',
    'Bytes',
    'Absent',
  ],
  ...['PayloadOf', 'ResultOf', 'TypedArray'],
  ...['Class', 'Method', 'Requirement', 'ResolvedOptions'],
]

const ALL = ENTRIES.flatMap(([, declarations]) => declarations)
const PUBLIC = new Set(ALL.map(identify))

function identify({ file, name }: Declaration): string {
  return `${file.slice(folder.length + '/dist/'.length)} ${name}`
}

test('the face is small: incant exports thirteen values', () => {
  const [[, root] = ['', []]] = ENTRIES
  // HTTPException of hono is the thirteenth.
  expect(
    root
      .filter(({ isValue }) => isValue)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([
    'BackgroundTasks',
    'BasePredictor',
    'BatchPredictor',
    'SequencePredictor',
    'StartupError',
    'batch',
    'concurrency',
    'createApp',
    'input',
    'silentLogger',
    'takes',
    'withFullRequest',
  ])
})

describe.each(ENTRIES)('%s', (_name, declarations) => {
  test('every type that a signature names can be imported', () => {
    const forgotten = declarations.flatMap(declaration =>
      namedIn(declaration)
        .filter(named => !PUBLIC.has(identify(named)) && !STEPS.includes(named.name))
        .map(named => `${declaration.name} names ${identify(named)}`),
    )
    expect([...new Set(forgotten)]).toEqual([])
  })

  test('every value has documentation and an example', () => {
    const values = declarations.filter(({ isValue }) => isValue)
    expect(values.filter(({ text }) => !text.includes('@example')).map(({ name }) => name)).toEqual([])
  })
})
