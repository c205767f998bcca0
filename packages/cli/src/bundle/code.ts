import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path'
import type { Loader, Metafile, OutputFile, Plugin } from 'esbuild'
import { isSourceFile } from '../files/file-kind.ts'
import { isPackageFile, withSlashes } from './files.ts'
import { cannotBuild } from './problem.ts'

/** What to bundle. */
export interface CodeOptions {
  /** The predictor. */
  readonly file: string
  /** The folder of its package. */
  readonly folder: string
  /** The folder of the lockfile: packages of the same workspace are part of the code. */
  readonly root: string
}

/** The project's own code as few files of JavaScript, and what it refers to. */
export interface BundledCode {
  /** By path below the folder of the code. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** The name of the predictor's file. */
  readonly entry: string
  /** Files that the code reads, by path below the folder of the code, with their paths in the project. */
  readonly assets: ReadonlyMap<string, string>
  /** What is imported of packages. */
  readonly imports: readonly PackageImport[]
}

/** An import that is left to Node. */
export interface PackageImport {
  /** `@scope/name` */
  readonly name: string
  /** The file with the import. */
  readonly importer: string
  /** Whether the code may do without: `require`, or `import()`. */
  readonly isOptional: boolean
}

/**
 * Bundles the project's own modules, those of its workspace included. Packages stay packages.
 *
 * @throws {StartupError} `cannot_build`.
 */
export async function bundleCode(options: CodeOptions): Promise<BundledCode> {
  const found: Found = {
    code: new Map([[options.file, outputName(options.file, options)]]),
    assets: new Map(),
    imports: [],
  }
  // Code that runs in a thread of the predictor's own is found in the code that names it.
  let outputs: readonly OutputFile[] = []
  for (let known = 0; known < found.code.size; ) {
    known = found.code.size
    found.imports.length = 0
    outputs = await build(options, found)
  }
  const out = join(options.folder, OUT)
  const files = new Map(outputs.map(({ path, contents }) => [withSlashes(relative(out, path)), contents]))
  const entry = `${found.code.get(options.file)}.js`
  return { files, entry, assets: found.assets, imports: found.imports }
}

/** Where the output would be if it were written: below the package, wherever that is, so that no path outside gets into it. */
const OUT = '.incant-bundle'

interface Found {
  /** Modules that are entries, with the names of their outputs. */
  readonly code: Map<string, string>
  readonly assets: Map<string, string>
  readonly imports: PackageImport[]
}

async function build(options: CodeOptions, found: Found): Promise<readonly OutputFile[]> {
  // Loaded by this command alone.
  const esbuild = await import('esbuild')
  try {
    const { outputFiles, metafile } = await esbuild.build({
      entryPoints: [...found.code].map(([path, out]) => ({ in: path, out })),
      absWorkingDir: options.folder,
      outdir: OUT,
      chunkNames: 'chunk-[hash]',
      assetNames: '[name]-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      keepNames: true,
      sourcemap: true,
      sourcesContent: false,
      metafile: true,
      write: false,
      logLevel: 'silent',
      loader: { '.node': 'copy', '.wasm': 'copy' },
      banner: { js: BANNER },
      plugins: [ownCode(options, found)],
    })
    found.imports.push(...importsOf(metafile, options.folder))
    return outputFiles
  } catch (cause) {
    throw cannotBuild(describeFailure(cause), 'Correct the file, and build again.', cause)
  }
}

/** CommonJS among the modules requires packages, and reads its own path. */
const BANNER = [
  "import { createRequire as incantRequire } from 'node:module'",
  "import { fileURLToPath as incantPath } from 'node:url'",
  'const require = incantRequire(import.meta.url)',
].join('\n')

/** Says which modules are part of the code, and has each one know where it would be. */
function ownCode(options: CodeOptions, found: Found): Plugin {
  return {
    name: 'own-code',
    setup({ onResolve, onLoad, resolve: find }) {
      onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
        if (pluginData === ASKED || from.kind === 'entry-point' || isAbsolute(path)) return undefined
        if (path.startsWith('#')) return undefined
        if (path.startsWith('node:') || packageName(path) === 'incant') return { path, external: true }
        const { importer, namespace, resolveDir, kind } = from
        const resolved = await find(path, { importer, namespace, resolveDir, kind, pluginData: ASKED })
        const isOwn = resolved.errors.length === 0 && !resolved.external && !isPackageFile(resolved.path)
        return isOwn ? resolved : { path, external: true }
      })
      onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
        if (isPackageFile(path)) return undefined
        const contents = relocate(await readFile(path, 'utf8'), { path, options, found })
        return { contents, loader: loaderOf(path), resolveDir: dirname(path) }
      })
    },
  }
}

const ASKED = Symbol('asked')

function loaderOf(path: string): Loader {
  const extension = extname(path).replace(/^\.[cm]?/, '')
  return ({ ts: 'ts', tsx: 'tsx', jsx: 'jsx' } as const)[extension] ?? 'js'
}

interface Module {
  readonly path: string
  readonly options: CodeOptions
  readonly found: Found
}

/** Bundling moves a module into another file. Paths that it derives from its own location must stay right. */
function relocate(text: string, module: Module): string {
  const { path, options } = module
  const own = JSON.stringify(`./${placeOf(path, options)}`)
  const named = text.replace(NAMED, (whole, _quote: string, name: string) => {
    const replaced = noteReference(resolve(dirname(path), decodeURI(name)), module)
    return replaced === undefined ? whole : `new URL(${JSON.stringify(`./${replaced}`)}, import.meta${'\u200b'}.url)`
  })
  const asked = named.replace(/\bimport\.meta\.(url|filename|dirname)\b/g, (_whole, kind: string) =>
    ownPlace(own, kind),
  )
  const required = asked.replace(/(?<![\w.$])__(filename|dirname)\b/g, (whole, kind: string) =>
    new RegExp(`(?:const|let|var)\\s+__${kind}\\b`).test(text) ? whole : ownPlace(own, kind),
  )
  return required.replaceAll('import.meta\u200b.url', 'import.meta.url')
}

/** `new URL('./labels.json', import.meta.url)` */
const NAMED = /\bnew\s+URL\(\s*(['"`])(\.{1,2}\/[^'"`$]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g

function ownPlace(own: string, kind: string): string {
  const url = `new URL(${own}, import.meta.url)`
  if (kind === 'url') return `${url}.href`
  return kind === 'filename' ? `incantPath(${url})` : `incantPath(new URL('.', ${url})).replace(/[\\\\/]$/, '')`
}

/** Notes a file that code names, and gives the name that it has in the bundle. */
function noteReference(path: string, { options, found }: Module): string | undefined {
  if (!existsSync(path) || isPackageFile(path)) return undefined
  if (statSync(path).isFile() && isSourceFile(path)) {
    const name = found.code.get(path) ?? outputName(path, options)
    found.code.set(path, name)
    return `${name}.js`
  }
  const place = placeOf(path, options)
  found.assets.set(place, path)
  return place
}

/** The path of a file of the project below the folder of the code. */
export function placeOf(path: string, { folder, root }: Pick<CodeOptions, 'folder' | 'root'>): string {
  const inside = withSlashes(relative(folder, path))
  if (!inside.startsWith('../') && !isAbsolute(inside)) return inside
  return `local/${withSlashes(relative(root, path)).replaceAll('../', '')}`
}

/** Entries are in one folder, so that every output is at the same distance from what it reads. */
function outputName(path: string, options: CodeOptions): string {
  const place = placeOf(path, options)
  return join(dirname(place), basename(place, extname(place))).replaceAll(/[\\/]/g, '-')
}

function importsOf({ inputs }: Metafile, folder: string): PackageImport[] {
  return Object.entries(inputs).flatMap(([input, { imports }]) =>
    imports
      // The bundler's own code is <runtime>.
      .filter(({ external, path }) => external === true && !path.startsWith('node:') && !/^[./<]/.test(path))
      .map(({ path, kind }) => ({
        name: packageName(path),
        importer: resolve(folder, input),
        isOptional: kind !== 'import-statement',
      })),
  )
}

/** `@scope/name` of `@scope/name/entry`. */
function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function describeFailure(cause: unknown): string {
  const [first] = /^(.+?): ERROR: (.+)$/m.exec(cause instanceof Error ? cause.message : '')?.slice(1) ?? []
  return first === undefined
    ? `the code cannot be bundled: ${String(cause)}`
    : `the code cannot be bundled: ${String(cause instanceof Error ? cause.message : cause)}`
}
