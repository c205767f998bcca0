import { StartupError } from 'incant/internal/signature'
import type { Content } from '../content/content.ts'
import { counted } from '../transfer/counted.ts'
import { download } from '../transfer/download.ts'
import { PassingError, retrying } from '../transfer/retry.ts'
import type { Descriptor } from './documents.ts'
import type { Registry } from './registry.ts'

/** Called with the bytes of a blob that have been transferred. */
export type OnProgress = (bytes: number) => void

/**
 * Uploads a blob that the registry does not have. A break is continued where the registry says how much it has, and the
 * blob is sent anew where it does not.
 *
 * @throws {StartupError} `registry_refused`, `registry_unavailable`.
 */
export async function uploadBlob(
  registry: Registry,
  content: Content,
  onProgress: OnProgress = () => {},
): Promise<'sent' | 'present'> {
  if (await registry.hasBlob(content.digest)) return 'present'
  let session: Session | undefined
  await retrying(async progressed => {
    session = (session && (await findSession(registry, session.location))) ?? (await beginSession(registry))
    await finishSession(registry, session, { content, onProgress, progressed })
  }).catch(thrown => registry.refuseUnreachable(thrown))
  onProgress(content.size)
  return 'sent'
}

/** An upload that the registry has begun. */
interface Session {
  readonly location: URL
  /** Bytes that the registry has. */
  readonly offset: number
}

interface Sending {
  readonly content: Content
  readonly onProgress: OnProgress
  readonly progressed: () => void
}

async function beginSession(registry: Registry): Promise<Session> {
  const response = await registry.request('blobs/uploads/', { method: 'POST', headers: { 'content-length': '0' } })
  if (!response.ok) throw await registry.refusal(response)
  await response.body?.cancel()
  return { location: locationOf(response, registry.reference.origin), offset: 0 }
}

/** The state of an upload whose connection broke. Not every registry keeps one. */
async function findSession(registry: Registry, location: URL): Promise<Session | undefined> {
  const response = await registry.request(location)
  await response.body?.cancel()
  const [, last] = /^0-(\d+)$/.exec(response.headers.get('range') ?? '') ?? []
  if (response.status !== 204 || last === undefined) return undefined
  // No byte at all and one byte are written alike.
  return last === '0' ? undefined : { location: locationOf(response, location), offset: Number(last) + 1 }
}

async function finishSession(registry: Registry, { location, offset }: Session, sending: Sending): Promise<void> {
  const { content, onProgress, progressed } = sending
  const url = new URL(location)
  url.searchParams.set('digest', content.digest)
  let sent = offset
  const response = await registry.request(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(content.size - offset) },
    body: () =>
      counted(content.open(offset), bytes => {
        sent += bytes
        onProgress(sent)
      }),
  })
  if (response.status === 416 || (offset > 0 && response.status === 404)) {
    await response.body?.cancel()
    throw new PassingError('the registry has lost an upload')
  }
  if (!response.ok) throw await registry.refusal(response)
  progressed()
  await response.body?.cancel()
}

function locationOf(response: Response, base: string | URL): URL {
  return new URL(response.headers.get('location') ?? '', response.url || base)
}

/**
 * Downloads a blob to a file, continued after a break and verified.
 *
 * @throws {StartupError} `image_not_found`, `invalid_image`, `registry_refused`, `registry_unavailable`.
 */
export async function downloadBlob(
  registry: Registry,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  { path, onProgress }: { readonly path: string; readonly onProgress?: OnProgress },
): Promise<void> {
  const open = (offset: number) => registry.openBlob(digest, offset)
  const isRight = await download({ digest, size, open, path, onProgress }).catch(thrown =>
    registry.refuseUnreachable(thrown),
  )
  if (isRight) return
  throw new StartupError({
    code: 'invalid_image',
    found: `${registry.reference.registry} sends for ${digest} something of another digest or size`,
    instead: 'Do not use this registry.',
  })
}
