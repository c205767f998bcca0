// Runs in a package before npm packs it, so that a clean clone packs what a user needs: builds, and copies the documents.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { copyDocuments } from './documents.js'

// `npm pack` writes the names of tarballs to standard output: nothing else may.
execFileSync(process.execPath, [fileURLToPath(new URL('../setup.js', import.meta.url))], { stdio: ['ignore', 2, 2] })
copyDocuments(process.cwd())
