import { spawnSync } from 'node:child_process'

/**
 * Runs a command in the foreground, all its output on stderr.
 *
 * @param {string} command a program
 * @param {string[]} parameters its arguments
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, shell?: boolean, hint: string }} options `hint`: what a person can do when it fails
 */
export function run(command, parameters, { cwd, env = process.env, shell = false, hint }) {
  const { error, status, signal } = spawnSync(command, parameters, { cwd, env, shell, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  const how = error?.message ?? (signal === null ? `exit code ${status}` : `ended by ${signal}`)
  throw new Error(`Setting up failed: ${command} ${parameters.join(' ')}: ${how}.\n  ${hint}`)
}
