import { join } from 'node:path'
import { bytesContent } from '../../src/content/content.ts'
import { writeLayer } from '../../src/image/write-layer.ts'
import { MEDIA_TYPES } from '../../src/oci/documents.ts'
import { describe, makeImage } from '../../src/oci/image.ts'
import { ImageLayout } from '../../src/oci/layout.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** A layout with one image that has these files. */
export async function layoutOf(
  files: readonly string[],
  { architecture = 'amd64', path = '/usr/bin' }: { readonly architecture?: string; readonly path?: string } = {},
): Promise<string> {
  const layout = new ImageLayout(join(temporaryFolder(), 'base.oci'))
  const entries = files.map(file => ({ kind: 'file', path: file, content: bytesContent(Buffer.from('ELF')) }) as const)
  const layer = await writeLayer({ layout, known: new Map() }, { entries, createdBy: 'test' })
  const platform = { os: 'linux', architecture }
  const image = makeImage({ platform, layers: [layer], config: { Env: [`PATH=${path}`, 'NODE_ENV=test', 'TZ=UTC'] } })
  for (const content of [image.config, image.manifest]) await layout.writeBlob(content)
  await layout.writeIndex([{ ...describe(image.manifest, MEDIA_TYPES.manifest), platform }])
  return layout.folder
}
