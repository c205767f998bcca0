import { join } from 'node:path'
import { run } from './run.js'

/**
 * Compiles the packages that changed since the last build; about 0.2 s when none did.
 *
 * @param {string} root the checkout
 */
export function build(root) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  run(process.execPath, [compiler, '--build'], { cwd: root, hint: 'The messages above name file and line.' })
}
