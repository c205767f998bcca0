import { SERVER_OPTIONS } from '../../packages/incant/dist/internal.js'
import { writeInterface } from '../settings/interface.js'

export const path = 'packages/incant/src/options/server-settings.ts'

/** The server's settings, as `SERVER_OPTIONS` has them. */
export function generate() {
  return writeInterface({
    name: 'ServerSettings',
    doc: 'The settings of the server: sockets, limits below HTTP, life and death, logs.',
    table: SERVER_OPTIONS,
    source: 'scripts/docs/server-settings.js',
  })
}
