import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { expect, test } from 'vitest'
import { hexOf } from '../../src/content/digest.ts'
import { readTar } from '../../src/content/tar.ts'
import { findKnownLayers } from '../../src/image/known-layers.ts'
import { nameImages, writeImage } from '../../src/image/write-image.ts'
import type { Image } from '../../src/oci/image.ts'
import { ImageLayout } from '../../src/oci/layout.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const FILES = {
  Dockerfile: 'FROM x',
  'app/predictor.js': 'export default 1',
  'app/node_modules/odd/index.js': '',
  'incant/server.js': '',
  'incant.bundle.json': '{}',
  'model/words.txt': 'one',
  'node_modules/hono/index.js': '',
  'package.json': '{}',
  'server.js': '',
}
const BASE = { layers: [], environment: ['PATH=/bin', 'NODE_ENV=test'], node: '/bin/node', libc: undefined } as const
const PLATFORM = { os: 'linux', arch: 'x64' }

async function write(bundle: string, layout = new ImageLayout(join(temporaryFolder(), 'x.oci'))) {
  const options = { bundle, name: 'words', version: '1.0.0', platform: PLATFORM, base: BASE, baseName: 'base' }
  const image = await writeImage({ layout, known: await findKnownLayers(layout) }, options)
  const named = await nameImages(layout, [{ image, platform: PLATFORM }], 'words:1')
  return { layout, image, named }
}

async function pathsOf(layer: Image['layers'][number]): Promise<readonly string[]> {
  const paths: string[] = []
  await readTar(layer.open().pipe(createGunzip()), async ({ path, kind }) => {
    if (kind === 'file') paths.push(path)
  })
  return paths
}

test('layers are packages, Incant, the model and the code, and a Dockerfile is in none', async () => {
  const { image } = await write(temporaryFolder(FILES))
  expect(await Promise.all(image.layers.map(pathsOf))).toEqual([
    ['app/app/node_modules/odd/index.js', 'app/node_modules/hono/index.js', 'app/package.json'],
    ['app/incant/server.js', 'app/server.js'],
    ['app/model/words.txt'],
    ['app/app/predictor.js', 'app/incant.bundle.json'],
  ])
})

test('a container runs Node itself, and not as root', async () => {
  const { image, layout } = await write(temporaryFolder(FILES))
  const configuration = JSON.parse(
    readFileSync(join(layout.folder, 'blobs/sha256', hexOf(image.config.digest)), 'utf8'),
  )
  expect(configuration).toMatchObject({ os: 'linux', architecture: 'amd64', created: '1970-01-01T00:00:00Z' })
  expect(configuration.config).toMatchObject({
    ...{ User: '65532:65532', Entrypoint: ['/bin/node', '/app/server.js'], StopSignal: 'SIGTERM', WorkingDir: '/app' },
    Env: ['PATH=/bin', 'NODE_ENV=production', 'INCANT_HOST=0.0.0.0'],
  })
})

test('the same files make the same image, regardless of their times, folder and permissions', async () => {
  const [one, other] = [temporaryFolder(FILES), temporaryFolder(FILES)]
  utimesSync(join(other, 'server.js'), 1, 1)
  chmodSync(join(other, 'app/predictor.js'), 0o600)
  expect((await write(other)).named.document.digest).toBe((await write(one)).named.document.digest)
})

test('what has not changed is not compressed again, and what is not used any more is removed', async () => {
  const bundle = temporaryFolder(FILES)
  const { layout, image } = await write(bundle)
  const file = (index: number) =>
    join(layout.folder, 'blobs/sha256', hexOf(image.layers[index]?.digest ?? image.config.digest))
  const before = statSync(file(0)).ino
  writeFileSync(join(bundle, 'app/predictor.js'), 'export default 2')
  const { image: changed, named } = await write(bundle, layout)
  expect(changed.layers.slice(0, 3).map(({ digest }) => digest)).toEqual(
    image.layers.slice(0, 3).map(({ digest }) => digest),
  )
  expect(changed.layers[3]?.digest).not.toBe(image.layers[3]?.digest)
  expect(statSync(file(0)).ino).toBe(before)
  const kept = [named.document, changed.config, ...changed.layers].map(({ digest }) => hexOf(digest))
  expect(readdirSync(join(layout.folder, 'blobs/sha256')).sort()).toEqual(kept.sort())
})

test('images for several systems are one index', async () => {
  const layout = new ImageLayout(join(temporaryFolder(), 'x.oci'))
  const bundle = temporaryFolder(FILES)
  const platforms = [PLATFORM, { os: 'linux', arch: 'arm64' }]
  const images = []
  for (const platform of platforms) {
    const options = { bundle, name: 'words', version: '1.0.0', platform, base: BASE, baseName: 'base' }
    images.push({ platform, image: await writeImage({ layout, known: new Map() }, options) })
  }
  const { document } = await nameImages(layout, images, 'words:1')
  const { document: index } = await layout.readDocument(document.digest)
  expect(index).toMatchObject({
    manifests: [{ platform: { os: 'linux', architecture: 'amd64' } }, { platform: { architecture: 'arm64' } }],
  })
})
