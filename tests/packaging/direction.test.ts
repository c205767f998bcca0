import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/**
 * The rooms of each package, the lowest first. A room imports from itself and from rooms below it, types included. A
 * folder that is not named belongs to the nearest one above it that is. `index.ts` of a room is its front door: an entry
 * of the package, or a re-export for one, so it may know every room inside; nothing inside imports it.
 */
const ROOMS = {
  incant: [
    'units',
    'collections',
    'async',
    'files',
    'json',
    'signing',
    'log',
    'errors',
    'predictor',
    'openai',
    'schema',
    'validation',
    'signature',
    'source',
    'runtimes',
    'network',
    'http',
    'openapi',
    'auth',
    'auth/secrets',
    'auth/tokens',
    'auth/policy',
    'auth/limits',
    'auth/jwt',
    'auth/strategies',
    'auth/admission',
    'tracing',
    'metrics',
    'readings',
    'engine',
    'jobs',
    'jobs/sql',
    'jobs/postgres',
    'jobs/sqlite',
    'jobs/webhooks',
    'faces',
    'faces/openai',
    'faces/mcp',
    'faces/v2',
    'faces/v1',
    'faces/grpc',
    'faces/predictions',
    'options',
    'app',
    'process',
    'replica/wire',
    'replica/child',
    'replica/reading',
    'replica',
    'node/tls',
    'node/listening',
    'node/gate',
    'node/metrics',
    'node/grpc',
    'node/webhooks',
    'node',
    'client/failures',
    'client/request',
    'client/types',
    'client/stream',
    'client/jobs',
    'client/webhooks',
    'client',
    'testing',
    'early',
    'internal',
  ],
  cli: [
    'files',
    'program',
    'terminal',
    'report',
    'content',
    'transfer',
    'oci',
    'models/store',
    'models/remotes',
    'pattern',
    'signature/compiler',
    'signature/types',
    'signature/class',
    'signature/parameters',
    'signature',
    'arguments',
    'connection',
    'config',
    'model-file',
    'load',
    'bundle',
    'image',
    'certificate',
    'token',
    'top',
    'jobs',
    'models',
    'announce',
    'reload',
    'mcp',
    'manifest',
    'systemd',
    'scaffold',
    'kubectl',
    'rollout',
    'server',
    'completion',
    'commands',
  ],
} as const

/**
 * Files that import each other's types. Each pair is two halves of one thing, which would read worse as one file; no
 * two files import each other at run time.
 */
const TYPE_CIRCLES: readonly (readonly string[])[] = [
  // Credentials in the payload continue what those in the header began.
  ['auth/admission/authenticator.ts', 'auth/admission/payload-admission.ts'],
  // What predict gets names the models that it may call, whose own predict gets the same.
  ['predictor/context.ts', 'predictor/models.ts', 'predictor/predict-types.ts'],
  // A connection, the exchange on it and the response of that exchange.
  ['node/gate/connection.ts', 'node/gate/gate-response.ts', 'node/gate/node-transport.ts'],
]

const STATEMENT = /^(?:import|export)(\s+type)?\s[^;'"]*?from '(\.[^']+)'/gm
const EXPRESSION = /(typeof )?import\('(\.[^']+)'\)/g

interface Import {
  readonly from: string
  readonly to: string
  readonly isType: boolean
}

for (const [name, rooms] of Object.entries(ROOMS)) {
  const source = fileURLToPath(new URL(`../../packages/${name}/src`, import.meta.url))
  const imports = readImports(source)

  test(`${name}: no room imports from one above it`, () => {
    expect(imports.filter(one => isUpwards(one, rooms)).map(describe)).toEqual([])
  })

  test(`${name}: every folder is in a room, and every room is a folder`, () => {
    const folders = foldersOf(source)
    expect(folders.filter(folder => roomOf(`${folder}/x.ts`, rooms) === undefined)).toEqual([])
    expect(rooms.filter(room => !folders.includes(room))).toEqual([])
  })

  test(`${name}: no circle of files at run time; those of types alone are known`, () => {
    expect(circlesOf(imports.filter(({ isType }) => !isType))).toEqual([])
    const known = TYPE_CIRCLES.map(files => files.join(' '))
    expect(
      circlesOf(imports)
        .map(files => files.join(' '))
        .filter(files => !known.includes(files)),
    ).toEqual([])
  })
}

test('an import that is turned round is found', () => {
  const upwards = { from: 'errors/codes.ts', to: 'signature/signature.ts', isType: true }
  expect(isUpwards(upwards, ROOMS.incant)).toBe(true)
  expect(isUpwards({ ...upwards, from: upwards.to, to: upwards.from }, ROOMS.incant)).toBe(false)
  expect(circlesOf([upwards, { ...upwards, from: upwards.to, to: upwards.from }])).toEqual([[upwards.from, upwards.to]])
})

function isUpwards({ from, to }: Import, rooms: readonly string[]): boolean {
  const [here, there] = [roomOf(from, rooms), roomOf(to, rooms)]
  // Modules at the root are entries: they know every room, and no room knows them.
  if (here === there || here === undefined || isEntry(from)) return there === undefined && here !== undefined
  return there === undefined || isEntry(to) || rooms.indexOf(there) > rooms.indexOf(here)
}

function isEntry(file: string): boolean {
  return file.endsWith('/index.ts')
}

/** The longest name of a room that the path begins with. */
function roomOf(file: string, rooms: readonly string[]): string | undefined {
  return rooms.filter(room => file.startsWith(`${room}/`)).sort((a, b) => b.length - a.length)[0]
}

function describe({ from, to }: Import): string {
  return `${from} imports ${to}`
}

function foldersOf(source: string): readonly string[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isDirectory() && holdsModules(join(entry.parentPath, entry.name)))
    .map(entry => toPath(source, join(entry.parentPath, entry.name)))
}

function holdsModules(folder: string): boolean {
  return readdirSync(folder).some(name => name.endsWith('.ts'))
}

function readImports(source: string): readonly Import[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .flatMap(name => importsOf(source, join(source, name)))
}

function importsOf(source: string, file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8')
  const found = [...text.matchAll(STATEMENT), ...text.matchAll(EXPRESSION)]
  return found.map(([, type, specifier = '']) => ({
    from: toPath(source, file),
    to: toPath(source, join(dirname(file), specifier)),
    isType: type !== undefined,
  }))
}

function toPath(source: string, file: string): string {
  return relative(source, file).replaceAll(sep, '/')
}

/** The sets of files that reach each other, each sorted by name. */
function circlesOf(imports: readonly Import[]): readonly (readonly string[])[] {
  const next = groupBySource(imports)
  const reached = new Map([...next.keys()].map(file => [file, reach(file, next)]))
  const circles = [...reached].filter(([file, files]) => files.has(file))
  const sets = circles.map(([file, files]) =>
    [...files]
      .filter(other => reached.get(other)?.has(file))
      .sort()
      .join(' '),
  )
  return [...new Set(sets)].sort().map(set => set.split(' '))
}

function groupBySource(imports: readonly Import[]): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  return next
}

function reach(start: string, next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>()
  const waiting = [...(next.get(start) ?? [])]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue
    found.add(file)
    waiting.push(...(next.get(file) ?? []))
  }
  return found
}
