import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Modules that no export names, by the name of their file in `dist`: what runs as a process or a thread, or Node loads. */
const STARTED = {
  'packages/incant': {
    'replica-main': 'replica/child/main.ts',
    'side-thread-worker': 'replica/child/side-thread-worker.ts',
    'reading-thread-worker': 'replica/reading/reading-thread-worker.ts',
    'sqlite-worker': 'jobs/sqlite/sqlite-worker.ts',
  },
  'packages/cli': {
    main: 'main.ts',
    replica: 'replica.ts',
    'types-worker': 'load/types-worker.ts',
    'resolve-hook': 'load/resolve-hook.ts',
    'esbuild-hook': 'load/esbuild-hook.ts',
    'required-esbuild': 'load/required-esbuild.ts',
  },
}

/** What `incant build` puts into a bundle, by the name of its file in `dist/runtime`: the command without what reads source. */
const RUNTIME = { server: 'server.ts', replica: 'bundled-replica.ts' }

/** Of each package, CommonJS modules that are bundled with the packages they need. */
const REQUIRED = { 'packages/cli': ['pattern/recheck.cjs'] }

/**
 * Puts the modules of each package into few files: loading one takes Node half a millisecond, and there are five hundred
 * in a server and the process that runs its predictor. Only what changed is written.
 *
 * @param {string} root the checkout
 */
export async function bundle(root) {
  await Promise.all(
    Object.entries(STARTED).map(async ([folder, started]) => bundlePackage(join(root, folder), started)),
  )
}

async function bundlePackage(folder, started) {
  // Only now: it may have been installed a moment ago.
  const esbuild = await import('esbuild')
  // What is written names modules by their paths from here: it is the same from wherever it is asked for.
  const build = options => esbuild.build({ absWorkingDir: folder, ...options })
  const isCommand = 'types-worker' in started
  const files = [
    ...(await bundleModules(build, { folder, entries: { ...exportedModules(folder), ...started }, outdir: 'dist' })),
    ...(isCommand
      ? await bundleModules(build, { folder, entries: RUNTIME, outdir: 'dist/runtime', plugins: [alone] })
      : []),
    ...(await bundleRequired(build, folder)),
  ]
  for (const file of files) writeChanged(file)
  removeOthers(join(folder, 'dist'), new Set(files.map(({ path }) => path)))
}

async function bundleModules(build, { folder, entries, outdir, plugins = [] }) {
  const { outputFiles } = await build({
    entryPoints: Object.entries(entries).map(([out, module]) => ({ out, in: join(folder, 'src', module) })),
    outdir: join(folder, outdir),
    // Every file is in one folder, so that a module finds an entry beside it from wherever it has been put.
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    plugins: [...plugins, externalPackages],
    write: false,
    logLevel: 'warning',
  })
  return outputFiles
}

/** In a bundle there are the packages of a project, so ours but for `incant` are part of the code. Source is not read there. */
const alone = {
  name: 'alone',
  setup({ onResolve }) {
    onResolve({ filter: /\/load-source\.ts$/ }, () => ({ path: './load-source.js', external: true }))
    onResolve({ filter: /^yaml$/ }, ({ path, resolveDir }) => ({
      path: createRequire(join(resolveDir, 'x')).resolve(path),
    }))
  },
}

/** What is required where an import would have to be awaited, with all that it requires. */
async function bundleRequired(build, folder) {
  const { outputFiles } = await build({
    entryPoints: (REQUIRED[folder.slice(folder.lastIndexOf('packages/'))] ?? []).map(name => join(folder, 'src', name)),
    outdir: join(folder, 'dist'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    minify: true,
    platform: 'node',
    target: 'node20.19',
    write: false,
    logLevel: 'warning',
  })
  return outputFiles
}

/**
 * Packages are left to Node, but for the compiler's interface: sixty small modules that every start waits for. It finds
 * the compiler itself where that is installed, and starts it in our way.
 */
const externalPackages = {
  name: 'external-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^#getExePath$/ }, () => ({ path: COMPILER_PATH }))
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]typescript[\\/]/.test(importer) ? { path: COMPILER_SPAWN } : undefined,
    )
    onResolve({ filter: /^[^.#/]/ }, ({ path, kind }) => {
      const isBundled = kind === 'entry-point' || path.startsWith('typescript/unstable/')
      return isBundled ? undefined : { path, external: true }
    })
  },
}

const COMPILER_SPAWN = fileURLToPath(new URL('compiler-spawn.js', import.meta.url))
const COMPILER_PATH = fileURLToPath(new URL('compiler-path.js', import.meta.url))

/** `{ auth: 'auth/index.ts' }` for an export whose code is `./dist/auth.js` and whose types are `./dist/auth/index.d.ts`. */
function exportedModules(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return Object.fromEntries(Object.values(exports).filter(isModule).map(toEntry))
}

const isModule = target => typeof target === 'object'

function toEntry({ types, default: code }) {
  return [withoutDist(code).replace(/\.js$/, ''), withoutDist(types).replace(/\.d\.ts$/, '.ts')]
}

const withoutDist = path => path.replace(/^\.\/dist\//, '')

/** A file appears whole or not at all: a process may be loading it. */
function writeChanged({ path, contents }) {
  if (isSame(path, contents)) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, contents)
  renameSync(`${path}.new`, path)
}

function isSame(path, contents) {
  try {
    return readFileSync(path).equals(contents)
  } catch {
    return false
  }
}

function removeOthers(dist, kept) {
  for (const name of readdirSync(dist, { recursive: true })) {
    const path = join(dist, name)
    if (/\.js(\.map)?$/.test(name) && !kept.has(path)) rmSync(path)
  }
}
