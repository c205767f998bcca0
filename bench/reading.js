// How long types take to be read against how large they are, for families of types that grow:
//
//   node bench/reading.js [interfaces]
//
// Prints time(2n) / time(n), of what goes beyond a trivial type: 2 is linear. Fails above 4, which is the square. The time is
// that which this process computes, so that others on the machine do not count; the compiler has its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSignatures } from '../packages/cli/dist/index.js'

const SIZE = Number(process.argv[2] ?? 300)
const ROUNDS = 2
const LIMIT = 4

/** The members of an interface, with the name of the next one. */
const FAMILIES = {
  'each has two members of the next': next => `l: ${next} | null; r: ${next} | null`,
  'each has two intersections with the next': next => `l?: ${next} & { side?: 'l' }; r?: ${next} & { side?: 'r' }`,
  'each has a brand of the next': next => `next?: ${next} & { readonly __brand: 'x' }; id: string`,
  'each has unions and arrays of the next': next =>
    `next?: (${next} | string)[]; one?: ${next} | { a: ${next} } | null`,
  'each has one of the next': next => `next?: ${next}`,
}

/** Inside this folder, so that the files find `incant`. */
const folder = mkdtempSync(fileURLToPath(new URL('.reading-', import.meta.url)))
const ratios = []
try {
  const trivial = measure('interface I0 { a: string }')
  for (const [name, members] of Object.entries(FAMILIES)) {
    for (const form of ['chain', 'ring']) {
      const [once, twice] = compare(members, form, trivial)
      const ratio = twice / once
      ratios.push(ratio)
      console.log(
        `${form} of ${SIZE} and ${2 * SIZE}, ${name}: ${once.toFixed(0)} and ${twice.toFixed(0)} ms, ratio ${ratio.toFixed(2)}`,
      )
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = ratios.every(ratio => ratio < LIMIT) ? 0 : 1

/** The times of both sizes. What looks like a square is measured again: what is one stays one, and a collection of garbage does not. */
function compare(members, form, trivial, attempts = 3) {
  const [once, twice] = [SIZE, 2 * SIZE].map(size => measure(declare(size, members, form === 'ring')) - trivial)
  return twice / once < LIMIT || attempts === 1 ? [once, twice] : compare(members, form, trivial, attempts - 1)
}

/** `size` interfaces, each of which refers to the next, and the last one to the first where they are a ring. */
function declare(size, members, isRing) {
  const all = Array.from({ length: size }, (_, index) => {
    const next = `I${isRing ? (index + 1) % size : index + 1}`
    return `interface I${index} { a${index}?: number; ${members(next)} }`
  })
  return [...all, ...(isRing ? [] : [`interface I${size} { end?: string }`])].join('\n')
}

/** The least time that a predictor of a type takes to be read, in milliseconds, in both directions. */
function measure(declarations) {
  const file = join(folder, 'predictor.ts')
  writeFileSync(
    file,
    `import { BasePredictor } from 'incant'
${declarations}
export class P extends BasePredictor { predict(payload: I0): I0 { return payload } }`,
  )
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage()
    readSignatures({ file })
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...times)
}
