import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readBaseName } from '../../src/image/base-name.ts'
import { type Base, readBase } from '../../src/image/read-base.ts'
import { ImageLayout } from '../../src/oci/layout.ts'
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
