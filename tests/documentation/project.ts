import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What a reader's project can import: the packages of the checkout, as they are built, and what they name as optional. */
const PACKAGES: Readonly<Record<string, string>> = {
  incant: 'packages/incant',
  '@incant/cli': 'packages/cli',
  '@types/node': 'node_modules/@types/node',
  hono: 'node_modules/hono',
  valibot: 'node_modules/valibot',
  openai: 'node_modules/openai',
  '@grpc/grpc-js': 'node_modules/@grpc/grpc-js',
  '@grpc/proto-loader': 'node_modules/@grpc/proto-loader',
  typescript: 'node_modules/typescript',
  tsx: 'node_modules/tsx',
  vitest: 'node_modules/vitest',
  'fasttext.wasm.js': 'node_modules/fasttext.wasm.js',
}

const PROGRAMS: Readonly<Record<string, string>> = {
  incant: 'packages/cli/bin/incant.js',
  vitest: 'node_modules/vitest/vitest.mjs',
  tsx: 'node_modules/tsx/dist/cli.mjs',
  tsc: 'node_modules/typescript/bin/tsc',
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
  },
}

/** A reader's empty project with Incant installed, without asking a registry. */
export function createProject(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'incant-documentation-')))
  for (const [name, source] of Object.entries(PACKAGES)) link(join(ROOT, source), join(folder, 'node_modules', name))
  for (const [name, program] of Object.entries(PROGRAMS))
    link(join(ROOT, program), join(folder, 'node_modules/.bin', name))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(folder, 'tsconfig.json'), `${JSON.stringify(TSCONFIG)}\n`)
  return folder
}

export function removeProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** The packages that a document may tell a reader to install. */
export function isInstallable(name: string): boolean {
  return Object.hasOwn(PACKAGES, name)
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
