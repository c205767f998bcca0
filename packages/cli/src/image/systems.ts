import type { Platform as System } from '../bundle/manifest.ts'
import type { Platform } from '../oci/documents.ts'

/** Processors by the names that Go and images have for them, where Node has others. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }

/** A system as images name it. */
export function toImagePlatform({ os, arch }: System): Platform {
  return { os, architecture: ARCHITECTURES[arch] ?? arch }
}

/** Whether an image is for a system. */
export function matches({ os, architecture }: Platform, system: System): boolean {
  const wanted = toImagePlatform(system)
  return os === wanted.os && architecture === wanted.architecture
}
