#!/usr/bin/env node
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// `npm create incant DIR` is `incant init DIR`.
const manifest = createRequire(import.meta.url).resolve('@incant/cli/package.json')
process.argv.splice(2, 0, 'init')
await import(new URL('bin/incant.js', pathToFileURL(manifest)).href)
