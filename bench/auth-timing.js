// Does the time of an answer tell anything about a token? In the manner of dudect (Reparaz, Balasch, Verbauwhede, 2017):
//
//   node bench/auth-timing.js [measurements]
//
// Two kinds of wrong credentials are checked in random order, and the two sets of times are compared by Welch's t-test,
// with the slowest measurements cut off. Below 4.5 nothing is known to differ; a leak grows with the measurements. A
// comparison that stops at the first difference is measured as well: the bench must find that one.
import { randomInt } from 'node:crypto'
import { register } from 'tsx/esm/api'

// What is measured is in no entry of the package.
register()
const { Authenticator } = await import('../packages/incant/src/auth/admission/authenticator.ts')
const { basicAuth, bearerAuth, hashPassword } = await import('../packages/incant/src/auth/index.ts')
const { platformSecrets } = await import('../packages/incant/src/auth/secrets/platform-secrets.ts')

const MEASUREMENTS = Number(process.argv[2] ?? 100_000)
const THRESHOLD = 4.5
const TOKEN = 'inc_t1m1ngb3nc_0123456789abcdefghijklmnopqrstuv000000'

const bearer = authenticator(bearerAuth({ tokens: [TOKEN] }))
const many = authenticator(
  bearerAuth({ tokens: [TOKEN, ...Array.from({ length: 20 }, (_, index) => `other${index}`)] }),
)
const basic = authenticator(basicAuth({ users: { till: 'password' } }))
const hashed = authenticator(basicAuth({ users: { till: await hashPassword('password') } }))

const almost = `Bearer ${TOKEN.slice(0, -1)}1`
const nothing = `Bearer ${'x'.repeat(TOKEN.length)}`

await compare('bearer: all but the last character right, none right', bearer, almost, nothing)
await compare('bearer, several tokens: the same', many, almost, nothing)
await compare('basic: known name, unknown name', basic, user('till:passwort'), user('tall:passwort'))
await compare('basic, scrypt: known name, unknown name', hashed, user('till:x'), user('tall:x'), 60)
await compare('a comparison that stops early, to be found', stopsEarly(), '0'.repeat(4096), `1${'0'.repeat(4095)}`)

/** Gives the nanoseconds that a refusal takes. */
function authenticator(decorator) {
  class Predictor {}
  decorator(Predictor)
  const checked = new Authenticator({
    predictor: Predictor,
    logger: { log() {} },
    secrets: platformSecrets,
    authTimeout: 60_000,
    maxAuthFailures: 0,
  })
  return async authorization => {
    const applicant = { headers: new Headers({ authorization }), address: undefined, identify() {} }
    const before = process.hrtime.bigint()
    try {
      await checked.admit(applicant)
    } catch {
      return Number(process.hrtime.bigint() - before)
    }
    throw new Error('A wrong token was let in.')
  }
}

function stopsEarly() {
  const expected = `${'0'.repeat(4095)}x`
  return async given => {
    const before = process.hrtime.bigint()
    let index = 0
    while (index < expected.length && expected[index] === given[index]) index += 1
    return Number(process.hrtime.bigint() - before)
  }
}

function user(text) {
  return `Basic ${btoa(text)}`
}

async function compare(name, measure, one, other, measurements = MEASUREMENTS) {
  const times = [[], []]
  for (let warmUp = 0; warmUp < measurements / 10; warmUp += 1) await measure(warmUp % 2 === 0 ? one : other)
  for (let done = 0; done < measurements; done += 1) {
    const kind = randomInt(2)
    times[kind].push(await measure(kind === 0 ? one : other))
  }
  // What the machine does besides makes a few measurements very long; all are cut at the same time.
  const limit = times.flat().toSorted((a, b) => a - b)[Math.floor(measurements * 0.9)]
  const [a, b] = times.map(set => describe(set.filter(time => time <= limit)))
  const t = Math.abs(a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count)
  const verdict = t < THRESHOLD ? 'nothing found' : 'DIFFERENT'
  console.log(
    `t = ${t.toFixed(2).padStart(7)}  ${verdict.padEnd(13)}  ${name} (${a.mean.toFixed(0)} and ${b.mean.toFixed(0)} ns)`,
  )
}

function describe(times) {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (times.length - 1)
  return { mean, variance, count: times.length }
}
