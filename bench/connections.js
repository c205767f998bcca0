// Far more connections than a server handles at once, all of one address: what it still serves of what it can.
//
//   node bench/connections.js [--short] [--connections 4000]
//
// The predictor waits 20 ms for each call, 16 at a time. All connections are open all the time, and three loads take
// turns, so that other load on the machine affects all of them: as many callers as there is room for, which gives the peak;
// calls that arrive at twice that rate, over all connections; and a call in hand on every connection, all the time. Each
// is compared with the peak of its own round.
//
// Fails on what no busy machine brings about: a turn of the loop of the process with the sockets that takes more than
// 250 ms of CPU (the heads of 4,000 requests that arrive at once take up to 100 ms to read), more than 100 calls refused for
// one that is served, an answer that is neither 200 nor 503. Where calls go to predict once in a long turn, one turn takes
// seconds, and 700 are refused for one.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startServer } from './served.js'
import { median, percentile } from './statistics.js'

/** Milliseconds of CPU that one turn of the loop may take. */
const LONGEST_TURN = 250

/** Calls that may be refused for one that is served. */
const REFUSED_FOR_ONE = 100

/** Callers that find a place all the time. */
const PEAK_CALLERS = 20

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, connections: { type: 'string', default: '4000' } },
})
const [ROUNDS, SECONDS] = options.short ? [3, 3] : [8, 5]
const COUNT = Number(options.connections)
const turns = new URL('./loop/turns.js', import.meta.url).href
const server = await startServer('overload/predictor.js', ['--queue', '32'], ['--import', turns])
const { port } = new URL(server.url)
const REQUEST = `POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`

/** A connection that is there again at once when it is closed. */
class Caller {
  #settle
  #socket
  #isOver = false
  closed = 0

  open() {
    this.#socket = connect(Number(port), '127.0.0.1').setEncoding('latin1')
    this.#socket.on('data', text => {
      // Answers are small, and come in one piece.
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
      if (status > 0) this.#end(status)
    })
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.closed += 1
      this.#end(0)
      if (!this.#isOver) this.open()
    })
    return this
  }

  get isBusy() {
    return this.#settle !== undefined
  }

  call() {
    this.#socket.write(REQUEST)
    return new Promise(resolve => {
      this.#settle = resolve
    })
  }

  close() {
    this.#isOver = true
    this.#socket.destroy()
  }

  #end(status) {
    const settle = this.#settle
    this.#settle = undefined
    settle?.(status)
  }
}

/** One load for a while: what became of its calls. */
class Outcome {
  served = 0
  refused = 0
  lost = 0
  #until = performance.now() + 1000 * SECONDS

  get isOver() {
    return performance.now() > this.#until
  }

  /** Waits for an answer. It counts where it comes in time. */
  async note(answer) {
    const status = await answer
    if (status === 0) this.lost += 1
    if (this.isOver) return
    if (status === 200) this.served += 1
    else if (status === 503) this.refused += 1
    else this.lost += 1
  }
}

const callers = []
const asker = fork(fileURLToPath(new URL('./loop/livez.js', import.meta.url)))
const LOADS = {
  'twice the peak': peak => arrive(callers, (2 * peak) / SECONDS),
  'a call in hand on each': () => loop(callers),
}
const failures = []
try {
  while (callers.length < COUNT) {
    callers.push(new Caller().open())
    if (callers.length % 100 === 0) await sleep(10)
  }
  // What is loaded and compiled at the first calls is not what is asked about.
  await loop(callers)
  await longestTurn()
  asker.send({ url: server.url })
  const rounds = []
  while (rounds.length < ROUNDS) rounds.push(await round())
  report(rounds)
  asker.send({})
  const [{ livez, bare }] = await once(asker, 'message')
  const [p99, control] = [livez, bare].map(taken => percentile(taken, 0.99).toFixed(1))
  console.log(`/livez p99 ${p99} ms, a bare server ${control} ms, ${livez.length} times`)
  console.log(`closed by the server: ${callers.reduce((sum, { closed }) => sum + closed, 0)}`)
} finally {
  asker.kill()
  for (const caller of callers) caller.close()
  await server.stop()
}
for (const failure of failures) console.log(`FAILED ${failure}`)
process.exitCode = failures.length > 0 ? 1 : 0

/** All loads, one after the other. */
async function round() {
  const peak = await loop(callers.slice(0, PEAK_CALLERS))
  const found = { peak: { ...peak, turn: await longestTurn() } }
  for (const [name, load] of Object.entries(LOADS)) {
    found[name] = { ...(await load(peak.served)), turn: await longestTurn() }
  }
  return found
}

function report(rounds) {
  console.log(
    `${COUNT} connections; peak: ${(median(rounds.map(({ peak }) => peak.served)) / SECONDS).toFixed(0)} a second`,
  )
  for (const name of Object.keys(LOADS)) {
    const ratio = median(rounds.map(({ peak, [name]: found }) => found.served / peak.served))
    const turn = Math.max(...rounds.map(({ [name]: found }) => found.turn))
    const [served, refused, lost] = ['served', 'refused', 'lost'].map(kind =>
      rounds.reduce((sum, round) => sum + round[name][kind], 0),
    )
    console.log(
      `${name}: ${ratio.toFixed(2)} of the peak; 503: ${refused}, no answer: ${lost}; longest turn ${turn.toFixed(1)} ms of CPU`,
    )
    if (refused > REFUSED_FOR_ONE * served) failures.push(`${name}: ${refused} refused, ${served} served`)
    if (lost > 0) failures.push(`${name}: ${lost} without an answer`)
    if (turn > LONGEST_TURN) failures.push(`${name}: a turn of ${turn.toFixed(1)} ms`)
  }
}

/** Every caller calls again as soon as it has an answer, until the time is over and all have one. */
async function loop(all) {
  const outcome = new Outcome()
  await Promise.all(
    all.map(async caller => {
      while (!outcome.isOver) await outcome.note(caller.call())
    }),
  )
  return outcome
}

/** Calls arrive whether or not others have been answered, each over a connection that is free. */
async function arrive(all, rate) {
  const outcome = new Outcome()
  const startedAt = performance.now()
  const answers = []
  for (let sent = 0, next = 0; !outcome.isOver; await sleep(1)) {
    for (; sent < ((performance.now() - startedAt) / 1000) * rate; sent += 1) {
      for (let tried = 0; tried < all.length && all[next % all.length].isBusy; tried += 1) next += 1
      const caller = all[next % all.length]
      // With a call in hand on every connection no other can be made.
      if (!caller.isBusy) answers.push(outcome.note(caller.call()))
    }
  }
  await Promise.all(answers)
  return outcome
}

/** Of the process with the sockets, since the last time. */
async function longestTurn() {
  server.child.send('read')
  const [turn] = await once(server.child, 'message')
  return turn
}
