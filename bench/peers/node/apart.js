// Runs a task in a second process, without any library. Calls and answers are lines of JSON, and all those of one turn of the event
// loop are written together. It has no limits, does not handle failures and does not record which calls have begun: this is the
// least that a second process costs a server of Node.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readLines } from './lines.js'

/** Starts the process of a task. Returns the task, which gives what it returns as JSON. */
export function startApart(task) {
  const file = fileURLToPath(new URL('apart-task.js', import.meta.url))
  const child = spawn(process.execPath, [file, task], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  const line = child.stdio[3]
  /** Those who wait, in order: the answers are in order. */
  const waiting = []
  let payloads = []

  readLines(line, answers => {
    for (const [index, answer] of waiting.splice(0, answers.length).entries()) answer(answers[index])
  })
  return payload => {
    if (payloads.length === 0) setImmediate(send)
    payloads.push(`${JSON.stringify(payload)}\n`)
    return new Promise(resolve => waiting.push(resolve))
  }

  function send() {
    line.write(payloads.join(''))
    payloads = []
  }
}
