import { fileURLToPath } from 'node:url'

/** A path from a URL, its query left out: tsx adds one where CommonJS is imported. */
export function toPath(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location.replace(/[?#].*$/, '')) : location
}
