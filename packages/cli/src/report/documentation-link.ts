import { readFileSync } from 'node:fs'
import type { StartupErrorCode } from 'incant/internal/signature'
import { ownFile } from '../files/own-file.ts'

const PAGE = 'docs/errors.md'

/**
 * Where a code is explained: the page of this version in the repository that the package names, so that the link and the
 * text it came with never differ. Without a repository, the page's path in it.
 */
export function documentationLink(code: StartupErrorCode): string {
  const { version, repository } = readManifest()
  const base = /https:\/\/[^#\s]+?(?=\.git$|$)/.exec(repository)?.[0]
  return `${base === undefined ? '' : `${base}/blob/v${version}/`}${PAGE}#${code}`
}

function readManifest(): { readonly version: string; readonly repository: string } {
  // The package's own manifest: npm does not publish one without a version.
  const { version, repository } = JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as {
    version: string
    repository?: string | { readonly url: string }
  }
  return { version, repository: typeof repository === 'string' ? repository : (repository?.url ?? '') }
}
