import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The bundles by the names of their files. */
export type BundleName = 'predictor' | 'secured'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A folder with the packages, which `.ci/run` packs for all steps. */
function pack(scratch: string): string {
  const workspaces = ['incant', 'cli'].flatMap(name => ['--workspace', `packages/${name}`])
  execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch, ...workspaces], {
    cwd: ROOT,
    stdio: 'ignore',
  })
  return scratch
}

/** The folders of bundles of a project that installs the packed packages. */
export function buildBundles(scratch: string, names: readonly BundleName[]): readonly string[] {
  const project = join(scratch, 'project')
  cpSync(join(ROOT, 'tests/bundle/words'), project, { recursive: true })
  const run = (cwd: string, program: string, ...words: readonly string[]) =>
    execFileSync(program, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const packed = process.env['PACKED'] ?? pack(scratch)
  for (const name of readdirSync(packed)) {
    const [, file] = /^(incant|incant-cli)-\d.*\.tgz$/.exec(name) ?? []
    if (file !== undefined) cpSync(join(packed, name), join(scratch, `${file}.tgz`))
  }
  run(project, 'npm', 'install', '--silent', '--no-audit', '--no-fund')
  return names.map(name => {
    const folder = join(scratch, `bundle-${name}`)
    run(project, 'npm', 'exec', '--', 'incant', 'build', `${name}.ts`, '--out', folder)
    return folder
  })
}
