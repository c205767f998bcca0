import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Playground, PlaygroundFile } from '../app/playground-route.ts'

let reading: Promise<PlaygroundFile> | undefined

/** The page that is built from packages/playground into this package. */
export const servedPlayground: Playground = {
  read: () => {
    reading ??= readPlayground().catch(forget)
    return reading
  },
}

/** A page that could not be read, as while a checkout is built, is read again. */
function forget(thrown: unknown): never {
  reading = undefined
  throw thrown
}

async function readPlayground(): Promise<PlaygroundFile> {
  // By the package's name, since in dist this code stands in another folder.
  const folder = dirname(createRequire(import.meta.url).resolve('incant/package.json'))
  const html = await readFile(join(folder, 'dist', 'playground.html'), 'utf8')
  const etag = `W/"${hash(html).slice(0, 22)}"`
  return { html, gzip: await promisify(gzip)(html, { level: 9 }), etag, policy: describePolicy(html) }
}

/** The policy of the page (https://www.w3.org/TR/CSP3/): its one script, its one style, requests to this server. */
function describePolicy(html: string): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash(contentOf(html, 'script'))}'`,
    `style-src 'sha256-${hash(contentOf(html, 'style'))}'`,
    "connect-src 'self'",
    'img-src blob: data:',
    'media-src blob:',
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

/** The text of the one element of a name; the build sees to it that there is one. */
function contentOf(html: string, name: 'script' | 'style'): string {
  return new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(html)?.[1] ?? ''
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
