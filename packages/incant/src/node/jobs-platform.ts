import type { JobsPlatform } from '../app/jobs/jobs-platform.ts'
import { StartupError } from '../errors/startup-error.ts'
import { WebhookSender } from './webhooks/webhook-sender.ts'

/**
 * What jobs have on Node: stores outside of the process, and sockets for webhooks.
 *
 * @param module - The module next to which packages of the predictor are installed.
 */
export function jobsPlatform(module: string | URL | undefined): JobsPlatform {
  return {
    async openStore(place) {
      if (!/^postgres(?:ql)?:\/\//.test(place)) throw unknownStore()
      // Few servers have it.
      const { openPostgresStore } = await import('../jobs/postgres/open-postgres.ts')
      return openPostgresStore(place, module)
    },
    createTransport: allow => new WebhookSender({ allow }),
  }
}

/** Without the text, which may have a password. */
function unknownStore(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'the option "jobsStore" names no store',
    instead: 'Write memory, or postgres://USER:PASSWORD@HOST/DATABASE.',
  })
}
