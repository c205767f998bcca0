import type { AppOptions } from '../app-options.ts'
import type { RouteHost } from '../route-host.ts'
import type { JobsPlatform } from './jobs-platform.ts'

/** The application whose jobs are run. */
export interface JobsHost extends RouteHost {
  readonly options: Pick<AppOptions, 'secrets'>
  /** Undefined: jobs are in memory, and no webhooks are sent. */
  readonly jobsPlatform: JobsPlatform | undefined
}
