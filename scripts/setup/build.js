import { join } from 'node:path'
import { bundle } from './bundle.js'
import { buildPlayground } from './playground.js'
import { run } from './run.js'

/**
 * Builds the packages: checked types and declarations by the compiler, code by the bundler. About 0.4 s where nothing
 * changed.
 *
 * @param {string} root the checkout
 */
export async function build(root) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  run(process.execPath, [compiler, '--build'], { cwd: root, hint: 'The messages above name file and line.' })
  await Promise.all([bundle(root), buildPlayground(root)])
}
