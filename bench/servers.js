import { fileURLToPath } from 'node:url'

/**
 * A server that is measured. Each runs in a process of its own.
 *
 * @typedef {object} ServerKind
 * @property {string} name
 * @property {string} file in the folder `servers`; its first parameter is the workload
 * @property {string[]} [parameters] what comes after
 * @property {boolean} checks whether it checks the payload against the schema
 * @property {boolean | 'sampled'} logs whether it writes a line for each request, or for some, as Incant does by default
 */

/** The first is what the others are compared with. */
const OTHERS = [
  { name: 'node:http', file: 'node-http.js', checks: false, logs: false },
  { name: 'Hono', file: 'hono.js', checks: false, logs: false },
  { name: 'Fastify', file: 'fastify.js', checks: true, logs: false },
  { name: 'Fastify, logging', file: 'fastify-logging.js', checks: true, logs: true },
  { name: 'node:http by hand', file: 'by-hand.js', checks: true, logs: true },
]

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Every server of a run.
 *
 * @param {string | undefined} compared another checkout, built, whose Incant is measured beside this one's
 * @returns {readonly ServerKind[]}
 */
export function listServers(compared) {
  const servers = [...OTHERS, ...describeIncant('Incant', CHECKOUT)]
  return compared === undefined ? servers : [...servers, ...describeIncant('Incant, compared', compared)]
}

/** As it is by default, and with as many lines as the others write. */
function describeIncant(name, checkout) {
  const file = { file: 'incant.js', checks: true }
  return [
    { name, ...file, parameters: [checkout], logs: 'sampled' },
    { name: `${name}, every line`, ...file, parameters: [checkout, 'every line'], logs: true },
  ]
}
