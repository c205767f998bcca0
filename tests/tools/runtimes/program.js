// A program for the runtimes that have a command line: deno run program.js URL TOKEN
import { runScenario } from './scenario.js'

/** Deno's own name for what Node and Bun call process.argv. */
const [url, token] = globalThis.Deno?.args ?? globalThis.process.argv.slice(2)
console.log(JSON.stringify(await runScenario(url, token)))
