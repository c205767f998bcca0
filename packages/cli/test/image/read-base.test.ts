import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesContent } from '../../src/content/content.ts'
import { hexOf } from '../../src/content/digest.ts'
import { readBaseName } from '../../src/image/base-name.ts'
import { type Base, readBase } from '../../src/image/read-base.ts'
import { isIndex } from '../../src/oci/documents.ts'
import { ImageLayout } from '../../src/oci/layout.ts'
import { pushImage } from '../../src/oci/push.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { Registry } from '../../src/oci/registry.ts'
import { startRegistry } from '../oci/fake-registry.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { layoutOf } from './base-layout.ts'

const LINUX = { os: 'linux', arch: 'x64', libc: 'glibc' } as const

async function read(folder: string, platform: { os: string; arch: string } = LINUX): Promise<Base> {
  const given = `layout:${folder}`
  const name = readBaseName(given)
  if (name.kind === 'host') throw new Error('a layout is named')
  return readBase(name, { given, platform, layout: new ImageLayout(join(temporaryFolder(), 'image.oci')) })
}

test('Node is found on the path of the image, or where else it is', async () => {
  const debian = await read(await layoutOf(['usr/bin/node', 'opt/bin/node', 'lib64/ld-linux-x86-64.so.2']))
  expect(debian).toMatchObject({ node: '/usr/bin/node', libc: 'glibc' })
  expect(debian.environment).toContain('TZ=UTC')
  const distroless = await read(await layoutOf(['./nodejs/bin/node', './lib/ld-linux-aarch64.so.1']))
  expect(distroless).toMatchObject({ node: '/nodejs/bin/node', libc: 'glibc' })
})

test('the C library is that of the loader in it', async () => {
  const files = ['usr/bin/node', 'lib/ld-musl-x86_64.so.1']
  expect(await read(await layoutOf(files))).toMatchObject({ libc: 'musl' })
  expect(await read(await layoutOf([...files, 'lib64/ld-linux-x86-64.so.2']))).toMatchObject({ libc: 'glibc' })
})

test('an image without Node is refused, and so is one for another system', async () => {
  await expect(read(await layoutOf(['bin/sh']))).rejects.toThrow(/has no Node/)
  const layout = await layoutOf(['usr/bin/node'], { architecture: 'arm64' })
  await expect(read(layout)).rejects.toThrow(/has no image for linux\/x64/)
  expect(await read(layout, { os: 'linux', arch: 'arm64' })).toMatchObject({ node: '/usr/bin/node' })
})

test('a folder that is no layout is refused', async () => {
  await expect(read(temporaryFolder({ 'index.json': '{}' }))).rejects.toThrow(/is no OCI layout/)
})

test('a layout with a blob that is missing or damaged is refused', async () => {
  const folder = await layoutOf(['usr/bin/node'])
  const blobs = join(folder, 'blobs/sha256')
  const [largest = ''] = readdirSync(blobs).filter(name => !readFileSync(join(blobs, name), 'latin1').startsWith('{'))
  writeFileSync(join(blobs, largest), 'something else')
  await expect(read(folder)).rejects.toThrow(new RegExp(`lacks the blob sha256:${largest}`))
  rmSync(join(blobs, largest))
  await expect(read(folder)).rejects.toMatchObject({ code: 'cannot_build' })
})

test('an image of a registry is downloaded whole, also where the connection breaks', async () => {
  const server = await startRegistry({ breakDownloadAfter: 60 })
  const reference = parseReference(`${server.host}/base:1`)
  const source = new ImageLayout(await layoutOf(['usr/bin/node', 'lib64/ld-linux-x86-64.so.2']))
  const [described] = await source.readIndex()
  const { document, bytes } = await source.readDocument(described?.digest ?? 'sha256:')
  if (isIndex(document)) throw new Error('one image is in the layout')
  const [config, ...layers] = [document.config, ...document.layers].map(blob => source.blob(blob))
  if (config === undefined) throw new Error('an image has a configuration')
  await pushImage(new Registry(reference), { manifest: bytesContent(bytes), config, layers }, { name: '1' })
  const layout = new ImageLayout(join(temporaryFolder(), 'image.oci'))
  const base = await readBase({ kind: 'registry', reference }, { given: 'base:1', platform: LINUX, layout })
  expect(base).toMatchObject({ node: '/usr/bin/node', libc: 'glibc', digest: described?.digest })
  const blobs = [document.config, ...document.layers].map(({ digest }) => hexOf(digest))
  expect(readdirSync(join(layout.folder, 'blobs/sha256')).sort()).toEqual(blobs.sort())
})
