// The process of by-hand.js that runs the model: rows of numbers in, the places of the largest scores out.
import { Socket } from 'node:net'
import { register } from 'tsx/esm/api'

register()
const { Classifier } = await import('../mlp/classifier.ts')

/** Bytes of a row. */
const ROW = 512 * 4

const largest = process.argv[2] === 'mlp-batched' ? 32 : 1
const classifier = new Classifier()
await classifier.load()
const line = new Socket({ fd: 3 })
let rest = Buffer.alloc(0)
let isBusy = false

line.on('data', bytes => {
  rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
  if (!isBusy) void work()
})
line.on('close', () => process.exit())

async function work() {
  isBusy = true
  while (rest.length >= ROW) {
    const count = Math.min(largest, Math.floor(rest.length / ROW))
    const rows = Array.from({ length: count }, (_, index) => {
      const row = new Float32Array(ROW / 4)
      Buffer.from(row.buffer).set(rest.subarray(index * ROW, (index + 1) * ROW))
      return row
    })
    rest = rest.subarray(count * ROW)
    const labels = count === 1 ? [await classifier.classify(rows[0])] : await classifier.classifyAll(rows)
    const answer = Buffer.allocUnsafe(4 * count)
    for (const [index, { label }] of labels.entries()) answer.writeInt32LE(label, 4 * index)
    line.write(answer)
    // What has come meanwhile is read.
    await new Promise(setImmediate)
  }
  isBusy = false
}
