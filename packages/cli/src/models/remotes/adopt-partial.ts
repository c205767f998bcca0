import { join } from 'node:path'
import { tryToMove } from '../store/disk.ts'
import type { Layout } from '../store/layout.ts'
import { readLeases, type Work } from '../store/leases.ts'

/**
 * Takes an unfinished download over from a process that died. It moves in one step, so that one process alone continues it; its bytes are
 * verified with the rest.
 *
 * @param wanted.name - Of the file, in the folder of its work.
 */
export async function adoptPartial(
  layout: Layout,
  { name, work }: { readonly name: string; readonly work: Work },
): Promise<void> {
  const { dead } = await readLeases(layout)
  for (const id of dead) if (await tryToMove(join(layout.staging, id, name), join(work.folder, name))) return
}
