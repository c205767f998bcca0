import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Makes a folder for files of this process, which is removed when it ends, however it does. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'incant-bench-'))
  folders.push(folder)
  return folder
}
