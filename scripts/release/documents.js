// The documents that go into a package: what its README, its messages and the documentation of its code refer to. They
// live at the root of the repository, are copied into a package while it is packed, and are no part of the checkout there.
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @param {string} folder a package */
export function copyDocuments(folder) {
  removeDocuments(folder)
  // Pictures are for those who look at the repository.
  cpSync(join(root, 'docs'), join(folder, 'docs'), { recursive: true, filter: path => !path.endsWith('pictures') })
}

/** @param {string} folder a package */
export function removeDocuments(folder) {
  rmSync(join(folder, 'docs'), { recursive: true, force: true })
}
