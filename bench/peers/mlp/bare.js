// The model in a bare loop, in a separate process: classifies batches of the size on its command line for as many milliseconds
// as it is told, and says how many items that were and what processor time they took.
import { register } from 'tsx/esm/api'

register()
const { Classifier } = await import('./classifier.ts')

const [size, numbers] = process.argv.slice(2).map(word => JSON.parse(word))
const batch = Array.from({ length: size }, () => Float32Array.from(numbers))
const classifier = new Classifier()
const run = size === 1 ? () => classifier.classify(batch[0]) : () => classifier.classifyAll(batch)
await run()

process.on('message', async milliseconds => {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  let items = 0
  for (; items === 0 || performance.now() - startedAt < milliseconds; items += size) await run()
  const { user, system } = process.cpuUsage(before)
  process.send({ items, seconds: (performance.now() - startedAt) / 1000, cpu: user + system })
})
process.on('disconnect', () => process.exit())
process.send('ready')
