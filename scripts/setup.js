// Makes a checkout ready: checks Node, installs what the lock file names, builds what changed. Every npm script that
// needs one of these runs it first. It says nothing when there is nothing to do, and writes to stderr only, so that the
// output of `npm run incant -- inspect --json` stays JSON.
import { fileURLToPath } from 'node:url'
import { build } from './setup/build.js'
import { checkNode } from './setup/check-node.js'
import { installWhenStale } from './setup/install.js'
import { withLock } from './setup/lock.js'

const root = fileURLToPath(new URL('..', import.meta.url))

const complaint = checkNode(process.versions.node)
if (complaint !== undefined) {
  console.error(complaint)
  process.exit(1)
}

withLock(root, async () => {
  installWhenStale(root)
  await build(root)
}).catch(error => {
  console.error(error.message)
  process.exitCode = 1
})
