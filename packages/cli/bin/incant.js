#!/usr/bin/env node
import module from 'node:module'

// Before anything is loaded: an older Node fails at an import, with a message that says nothing.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`incant: this is Node ${process.versions.node}, and the oldest that works is 20.19.0`)
  process.exit(1)
}

const { Bun, Deno } = globalThis
if (Bun !== undefined || Deno !== undefined) {
  const runtime = Bun === undefined ? `Deno ${Deno.version.deno}` : `Bun ${Bun.version}`
  console.error(`incant: this is ${runtime}, and the command needs Node 20.19 or newer
  Run it with Node: npx incant. Programs in Bun and Deno can call a predictor, with incant/client.`)
  process.exit(1)
}

// Node 22.8 and newer keep what they compiled for the next start; older ones do not know of it.
module.enableCompileCache?.()
await import('../dist/main.js')
