// Bundled in place of a module of TypeScript that finds the compiler by where it is itself: see bundle.js.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
const { default: getExePath } = await import(pathToFileURL(join(dirname(manifest), 'lib', 'getExePath.js')).href)

export default getExePath
