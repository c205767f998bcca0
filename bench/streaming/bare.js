// The model with nothing around it, a process of its own: says how long the first character took, and all of them.
import { register } from 'tsx/esm/api'

register()
const example = new URL('../../examples/char-lm/', import.meta.url)
const { CharacterModel } = await import(new URL('character-model.ts', example))
const { seeded } = await import(new URL('sample.ts', example))
const { write } = await import('../sequences/generators.ts')
const model = await CharacterModel.load(new URL('model/', example))

process.on('message', async ({ prompt, length }) => {
  const startedAt = performance.now()
  let first
  for await (const _character of write(model, { prompt, length }, seeded(1))) {
    first ??= performance.now() - startedAt
  }
  process.send({ first, all: performance.now() - startedAt })
})
process.on('disconnect', () => process.exit())
process.send('ready')
