import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ModelSource } from '../../src/bundle/build-work.ts'
import { findModels } from '../../src/bundle/find-models.ts'
import type { BundleManifest } from '../../src/bundle/manifest.ts'
import { writeModels } from '../../src/bundle/model-files.ts'
import { splitWords } from '../../src/commands/with-models.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Only the models of a bundle are looked at. */
async function bundleWith(sources: readonly ModelSource[], mountModels = false) {
  const root = temporaryFolder()
  const models = await writeModels(root, { models: sources, mountModels })
  const manifest = { models } as unknown as BundleManifest
  return { root, models, find: (isTrusted = false) => findModels(root, manifest, isTrusted) }
}

function source(name: string | undefined, text = 'one'): ModelSource {
  return { name, version: name && 'v1', folder: temporaryFolder({ 'words.txt': text, 'deep/weights.bin': text }) }
}

describe('the model of a bundle', () => {
  test('is known by the digest of its files, wherever they were', async () => {
    const [one, other] = [await bundleWith([source('words')]), await bundleWith([source('words')])]
    expect(one.models).toEqual([
      { name: 'words', version: 'v1', path: 'model', digest: expect.stringMatching(/^sha256:/) },
    ])
    expect(other.models).toEqual(one.models)
    expect((await bundleWith([source('words', 'two')])).models).not.toEqual(one.models)
  })

  test('is what the predictor is told of', async () => {
    const { root, models, find } = await bundleWith([source('words')])
    const digest = models[0]?.digest
    expect(await find()).toEqual({ name: 'words', version: 'v1', path: join(root, 'model'), digest })
    expect(await (await bundleWith([source(undefined)])).find()).not.toHaveProperty('name')
    expect(await (await bundleWith([])).find()).toBeUndefined()
  })

  test('is refused where a byte has changed, by name', async () => {
    const { root, find } = await bundleWith([source('words')])
    writeFileSync(join(root, 'model/words.txt'), 'eno')
    await expect(find()).rejects.toMatchObject({ code: 'model_damaged', message: expect.stringContaining('words.txt') })
    expect(await find(true)).toMatchObject({ name: 'words' })
    rmSync(join(root, 'model/deep/weights.bin'))
    await expect(find(true)).rejects.toThrow(/deep\/weights\.bin .*is missing/)
  })

  test('may be mounted, and an empty mount and that of another model are refused', async () => {
    const { root, models, find } = await bundleWith([source('words')], true)
    expect(existsSync(join(root, 'model'))).toBe(false)
    await expect(find()).rejects.toThrow(/model has no model: there is no incant\.model\.json/)
    await writeModels(root, { models: [source('words', 'two')], mountModels: false })
    await expect(find()).rejects.toThrow(/has the model sha256:/)
    rmSync(join(root, 'model'), { recursive: true })
    // An image of a model has its files below a folder of this name.
    cpSync((await bundleWith([source('words')])).root, join(root, 'model'), { recursive: true })
    renameSync(join(root, 'model/model'), join(root, 'model/models'))
    expect(await find()).toMatchObject({ path: join(root, 'model/models'), digest: models[0]?.digest })
  })

  test('may be one of several, each in its folder', async () => {
    const { root, find } = await bundleWith([source('words'), source('labels', 'two')])
    expect(readFileSync(join(root, 'model/labels/words.txt'), 'utf8')).toBe('two')
    expect(await find()).toMatchObject({
      name: 'words',
      others: { labels: { name: 'labels', version: 'v1', path: join(root, 'model/labels') } },
    })
  })
})

test('models are named before or after the predictor', () => {
  expect(splitWords(['words:v1', 'p.ts'])).toEqual({ file: 'p.ts', models: ['words:v1'] })
  expect(splitWords(['p.ts', 'words', 'labels:v2'])).toEqual({ file: 'p.ts', models: ['words', 'labels:v2'] })
  expect(() => splitWords([])).toThrow(/no predictor file was given/)
  expect(() => splitWords(['words', 'labels'])).toThrow(/none of words, labels is a predictor file/)
})
