import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesContent } from '../../src/content/content.ts'
import { hexOf } from '../../src/content/digest.ts'
import { MEDIA_TYPES } from '../../src/oci/documents.ts'
import { describe, makeImage } from '../../src/oci/image.ts'
import { ImageLayout } from '../../src/oci/layout.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const IMAGE = makeImage({
  platform: { os: 'linux', architecture: 'amd64' },
  layers: [{ content: bytesContent(Buffer.alloc(1024)), createdBy: 'test' }],
})

async function writeImage(folder: string): Promise<ImageLayout> {
  const layout = new ImageLayout(folder)
  for (const content of [...IMAGE.layers, IMAGE.config, IMAGE.manifest]) await layout.writeBlob(content)
  await layout.writeIndex([describe(IMAGE.manifest, MEDIA_TYPES.manifest)])
  return layout
}

test('a layout is written and read', async () => {
  const folder = temporaryFolder()
  const layout = await writeImage(folder)
  expect(ImageLayout.isLayout(folder)).toBe(true)
  const [descriptor] = await layout.readIndex()
  expect(descriptor?.digest).toBe(IMAGE.manifest.digest)
  const { document } = await layout.readDocument(IMAGE.manifest.digest)
  expect(document).toMatchObject({ config: { digest: IMAGE.config.digest } })
  expect(readdirSync(join(folder, 'blobs/sha256'))).toHaveLength(3)
})

test('a document that is not of its digest is refused', async () => {
  const folder = temporaryFolder()
  const layout = await writeImage(folder)
  writeFileSync(join(folder, 'blobs/sha256', hexOf(IMAGE.manifest.digest)), '{}')
  await expect(layout.readDocument(IMAGE.manifest.digest)).rejects.toMatchObject({ code: 'invalid_image' })
})

test('content that changes while it is written leaves no blob', async () => {
  const folder = temporaryFolder()
  const content = { ...bytesContent(Buffer.from('a')), open: bytesContent(Buffer.from('b')).open }
  await expect(new ImageLayout(folder).writeBlob(content)).rejects.toThrow('changed meanwhile')
  expect(readdirSync(join(folder, 'blobs/sha256'))).toEqual([])
})
