import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { type Bundles, packImages, packPause } from './_images.ts'
import { type Node, startNode } from './_node.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly node: Node
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the images, starts the cluster, and stops it after the last test. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const programs = process.env['CLUSTER_PROGRAMS']
  if (programs === undefined) throw new Error('CLUSTER_PROGRAMS names no folder: run .ci/run cluster')
  const scratch = mkdtempSync(join(tmpdir(), 'incant-cluster-'))
  packPause(scratch, join(programs, 'pause'), join(scratch, 'pause.oci.tar'))
  packImages(scratch, buildBundles(scratch), join(scratch, 'images.oci.tar'))
  const { node, stop } = await startNode(scratch, programs)
  project.provide('node', node)
  return async () => {
    await stop()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Bundles of a project that installs the packed packages. */
function buildBundles(scratch: string): Bundles {
  const project = join(scratch, 'project')
  cpSync(join(ROOT, 'tests/cluster/project'), project, { recursive: true })
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
  const build = (file: string) => {
    const folder = join(scratch, `bundle-${file}`)
    run(project, 'npm', 'exec', '--', 'incant', 'build', `${file}.ts`, '--out', folder)
    return folder
  }
  return { words: build('predictor'), secured: build('secured') }
}
