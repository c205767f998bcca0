import { type EarlyReplica, startEarly } from 'incant/internal/early'
import type { Settings } from '../arguments/settings.ts'
import type { Target } from '../arguments/target.ts'
import { askToPreload } from '../load/preload.ts'
import { REPLICA } from '../load/replica-main.ts'
import { toModule } from '../model-file/module.ts'

/**
 * Starts the first of these processes before this one has loaded the code of a server. It loads the file meanwhile;
 * with tracing, the SDK has to be loaded before that.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function startFirstReplica({ file }: Target, { server, modelFile }: Settings): EarlyReplica | undefined {
  return startEarly({
    settings: server,
    main: REPLICA,
    env: server.otel === true ? {} : askToPreload(toModule(file, modelFile)),
  })
}
