import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildBundles } from '../bundle/build-words.ts'
import { packImages, packPause } from './_images.ts'
import { type Node, startNode } from './_node.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly node: Node
  }
}

/** Builds the images, starts the cluster, and stops it after the last test. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { CLUSTER_PROGRAMS: programs, KSERVE_PROGRAMS: kserve } = process.env
  if (programs === undefined || kserve === undefined)
    throw new Error('CLUSTER_PROGRAMS and KSERVE_PROGRAMS name no folders: run .ci/run cluster')
  const scratch = mkdtempSync(join(tmpdir(), 'incant-cluster-'))
  packPause(scratch, join(programs, 'pause'), join(scratch, 'pause.oci.tar'))
  const [words = '', secured = ''] = buildBundles(scratch, ['predictor', 'secured'])
  packImages(scratch, { words, secured, kserve: join(kserve, 'kserve-manager') }, join(scratch, 'images.oci.tar'))
  const { node, stop } = await startNode(scratch, [programs, kserve])
  project.provide('node', node)
  return async () => {
    await stop()
    rmSync(scratch, { recursive: true, force: true })
  }
}
