import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { findUpwards } from '../../files/find-upwards.ts'

/** The options that we look at, as the compiler's own parse has checked them. */
interface ParsedOptions {
  readonly checkJs?: boolean
  readonly types?: readonly string[]
  readonly paths?: Readonly<Record<string, readonly string[]>>
  readonly pathsBasePath?: string
}

/** The compiler's result for a `tsconfig.json`. */
interface ParsedConfig {
  readonly options: ParsedOptions
  readonly fileNames: readonly string[]
}

type ParseConfig = (path: string) => ParsedConfig

/** A `tsconfig.json` that exists in memory only. */
export interface VirtualConfig {
  readonly path: string
  readonly text: string
  /** A file in it that exists in memory only, too: what the marks of aliases refer to. */
  readonly marks: string
  /** The configuration of the user's that it extends. */
  readonly base: string | undefined
  /** Whether the user wants type errors: always in TypeScript, in JavaScript with `checkJs`. */
  readonly wantsTypeErrors: boolean
}

/** The options that reading a signature requires, even if the user's configuration differs. */
const REQUIRED_OPTIONS = {
  strictNullChecks: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
  // Imports that the loader resolves, the reader must too.
  allowImportingTsExtensions: true,
  // An untyped parameter is a payload that is not validated, not an error.
  noImplicitAny: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  isolatedDeclarations: false,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
}

/** The options where the user has no configuration. */
const STANDALONE_OPTIONS = { target: 'esnext', module: 'preserve', moduleResolution: 'bundler', strict: true }

/**
 * The project a predictor file is read in: the nearest `tsconfig.json` extended, with this one file in it (and the
 * user's ambient declarations), and with our own copy of `incant` where the file cannot reach one.
 */
export function virtualConfig(file: string, parse: ParseConfig): VirtualConfig {
  const directory = dirname(file)
  const base = findConfig(file, parse)
  const parsed: ParsedConfig = base === undefined ? { options: {}, fileNames: [] } : parse(base)
  const folder = base === undefined ? directory : dirname(base)
  const path = join(folder, 'tsconfig.incant-virtual.json')
  const marks = join(folder, 'incant-marks.virtual.d.ts')
  const config = {
    ...(base === undefined ? {} : { extends: base }),
    compilerOptions: {
      ...(base === undefined ? STANDALONE_OPTIONS : {}),
      ...REQUIRED_OPTIONS,
      ...(parsed.options.types === undefined ? { types: nodeTypes(directory) } : {}),
      ...incantPaths(directory, parsed.options),
    },
    files: [file, marks, ...parsed.fileNames.filter(name => name !== file && /\.d\.[cm]?ts$/.test(name))],
    include: [],
    references: [],
  }
  const wantsTypeErrors = !/\.[cm]?js$/.test(file) || parsed.options.checkJs === true
  return { path, text: JSON.stringify(config), marks, base, wantsTypeErrors }
}

/** The nearest `tsconfig.json`, or the sibling of it (`tsconfig.app.json`) that has the file where it does not. */
function findConfig(file: string, parse: ParseConfig): string | undefined {
  const nearest = findUpwards(dirname(file), 'tsconfig.json')
  if (nearest === undefined || parse(nearest).fileNames.includes(file)) return nearest
  const siblings = readdirSync(dirname(nearest)).filter(name => /^tsconfig\..+\.json$/.test(name))
  return (
    siblings.map(name => join(dirname(nearest), name)).find(path => parse(path).fileNames.includes(file)) ?? nearest
  )
}

/** TypeScript 7 includes no `@types` by itself; Node's are what every predictor runs on. */
function nodeTypes(directory: string): string[] {
  return findUpwards(directory, join('node_modules', '@types', 'node', 'package.json')) === undefined ? [] : ['node']
}

/** `paths` to the copy of `incant` beside this package, where a file has no other: the loader does the same. */
function incantPaths(directory: string, options: ParsedOptions): { paths?: Record<string, string[]> } {
  if (findIncant(directory) !== undefined) return {}
  return { paths: { ...ownIncantPaths(), ...absolutePaths(options) } }
}

/** The `package.json` of the `incant` that an import from this folder resolves to. */
function findIncant(directory: string): string | undefined {
  const own = findUpwards(directory, 'package.json')
  if (own !== undefined && readPackage(own).name === 'incant') return own
  return findUpwards(directory, join('node_modules', 'incant', 'package.json'))
}

function ownIncantPaths(): Record<string, string[]> {
  const manifest = createRequire(import.meta.url).resolve('incant/package.json')
  const entries = Object.entries(readPackage(manifest).exports ?? {})
  return Object.fromEntries(
    entries.flatMap(([entry, target]) =>
      typeof target === 'object' && target.types !== undefined
        ? [[entry.replace(/^\./, 'incant'), [resolve(dirname(manifest), target.types)]]]
        : [],
    ),
  )
}

/** The user's `paths`, which Incant's `paths` would replace. */
function absolutePaths({ paths = {}, pathsBasePath = '' }: ParsedOptions): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(paths).map(([pattern, targets]) => [pattern, targets.map(target => resolve(pathsBasePath, target))]),
  )
}

/** The members of a `package.json` that we look at. */
export interface PackageManifest {
  readonly name?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly exports?: Record<string, string | { readonly types?: string }>
}

/** Reads a `package.json`. */
export function readPackage(path: string): PackageManifest {
  // A manifest has this shape or none of the members is found in it.
  return JSON.parse(readFileSync(path, 'utf8')) as PackageManifest
}
