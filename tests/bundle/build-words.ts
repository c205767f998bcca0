import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The bundles by the names of their files. */
export type BundleName = 'predictor' | 'secured'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The folders of bundles of a project that installs the packed packages. */
export function buildBundles(scratch: string, names: readonly BundleName[]): readonly string[] {
  const project = join(scratch, 'project')
  cpSync(join(ROOT, 'tests/bundle/words'), project, { recursive: true })
  const run = (cwd: string, program: string, ...words: readonly string[]) =>
    execFileSync(program, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  for (const workspace of ['incant', 'cli']) {
    const file = run(
      ROOT,
      'npm',
      'pack',
      '--silent',
      '--pack-destination',
      scratch,
      '--workspace',
      `packages/${workspace}`,
    )
    cpSync(join(scratch, file.trim()), join(scratch, workspace === 'cli' ? 'incant-cli.tgz' : 'incant.tgz'))
  }
  run(project, 'npm', 'install', '--silent', '--no-audit', '--no-fund')
  return names.map(name => {
    const folder = join(scratch, `bundle-${name}`)
    run(project, 'npm', 'exec', '--', 'incant', 'build', `${name}.ts`, '--out', folder)
    return folder
  })
}
