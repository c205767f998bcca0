// Loaded before a command (`--import`): kills its process at one of the calls that change the file system, or counts them.
//
//   KILL_AT=12:before   before the twelfth, after it, or `during`: with half of the bytes of a write on disk
//   KILL_LOG=FILE       appends one line for each call
import streams, { appendFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

const CALLS = ['open', 'rename', 'link', 'unlink', 'mkdir', 'rm', 'copyFile', 'chmod', 'writeFile']
const HANDLE_CALLS = ['writeFile', 'appendFile', 'sync', 'truncate']

const { KILL_AT = '0:before', KILL_LOG } = process.env
const [number, moment] = KILL_AT.split(':')
let calls = 0

const die = () => process.kill(process.pid, 'SIGKILL')

function guard(owner, name, half) {
  const original = owner[name]
  owner[name] = async function guarded(...parameters) {
    calls += 1
    if (KILL_LOG !== undefined) appendFileSync(KILL_LOG, `${name}\n`)
    const isHere = calls === Number(number)
    if (isHere && moment === 'before') die()
    if (isHere && moment === 'during') {
      await half?.call(this, original, parameters)
      die()
    }
    const result = await original.apply(this, parameters)
    if (isHere && moment === 'after') die()
    return result
  }
}

async function writeHalf(original, [data, ...rest]) {
  const bytes = Buffer.from(data)
  await original.call(this, bytes.subarray(0, bytes.length >> 1), ...rest)
}

/** A call with a callback: streams to files write by these. */
function guardCallback(owner, name) {
  const original = owner[name]
  owner[name] = (...parameters) => {
    calls += 1
    if (KILL_LOG !== undefined) appendFileSync(KILL_LOG, `${name}\n`)
    const isHere = calls === Number(number)
    if (isHere && moment !== 'after') die()
    const done = parameters.pop()
    original.call(owner, ...parameters, (...results) => {
      if (isHere && moment === 'after') die()
      done(...results)
    })
  }
}

const handle = await fs.open(new URL(import.meta.url), 'r')
const prototype = Object.getPrototypeOf(handle)
await handle.close()
for (const name of HANDLE_CALLS) guard(prototype, name, /write|append/.test(name) ? writeHalf : undefined)
for (const name of CALLS) guard(fs, name)
for (const name of ['write', 'writev']) guardCallback(streams, name)
syncBuiltinESMExports()
