import { parseReference, type Reference } from '../oci/reference.ts'

/** What an image begins with. */
export type BaseName =
  | { readonly kind: 'registry'; readonly reference: Reference }
  | { readonly kind: 'layout'; readonly folder: string }
  | { readonly kind: 'host' }

/** The base that is not an image: the Node of this machine, and the libraries that it needs. */
export const HOST = 'host'

/**
 * Reads `--base`: the name of an image, `layout:DIR` for one in an OCI layout, or `host`.
 *
 * @throws {StartupError} `invalid_reference`.
 */
export function readBaseName(given: string): BaseName {
  if (given === HOST) return { kind: 'host' }
  const [, folder] = /^layout:(.+)$/.exec(given) ?? []
  return folder === undefined ? { kind: 'registry', reference: parseReference(given) } : { kind: 'layout', folder }
}
