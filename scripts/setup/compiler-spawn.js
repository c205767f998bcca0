// Bundled in place of node:child_process where TypeScript starts its compiler: see bundle.js.
import { spawn as start } from 'node:child_process'

/**
 * Starts the compiler without a standard error, unless `--debug` asks for everything: once its caller has ended, as by
 * Ctrl-C, it writes a panic of thirty lines there.
 */
export function spawn(program, words, { stdio: [stdin, stdout, stderr], ...options }) {
  const errors = process.argv.includes('--debug') ? stderr : 'ignore'
  return start(program, words, { ...options, stdio: [stdin, stdout, errors] })
}
