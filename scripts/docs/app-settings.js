import { APP_OPTIONS } from '../../packages/incant/dist/internal.js'
import { writeInterface } from '../settings/interface.js'

export const path = 'packages/incant/src/options/app-settings.ts'

/** The app's settings, as `APP_OPTIONS` has them. */
export function generate() {
  return writeInterface({
    name: 'AppSettings',
    doc: 'The settings of the application itself, with or without a socket under it.',
    table: APP_OPTIONS,
    source: 'scripts/docs/app-settings.js',
  })
}
