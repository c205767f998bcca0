import type { Hono } from 'hono'
import type { Challenges } from '../auth/challenge.ts'
import type { Access } from '../auth/policy/policy.ts'
import type { PredictSignature } from '../signature/signature.ts'
import type { LifecycleState } from './lifecycle.ts'

/**
 * A Hono application that serves one predictor. `app.fetch(request)` works with no port; `serve` of `incant/node` puts
 * sockets under it; `parent.route('/model', app)` mounts it. What no route of a mounted application knows is the parent's
 * to answer.
 */
export interface PredictorApp extends Hono {
  /**
   * Settles when setup has finished. Until then `/predict` answers 503.
   *
   * @throws {StartupError} `setup_failed`, `setup_timeout`.
   */
  readonly ready: Promise<void>
  readonly state: LifecycleState
  /**
   * The callers that are let in. `open`: the class does not say. `public`: everyone, by `@publicAccess()`. `protected`:
   * authenticated callers.
   */
  readonly access: Access
  /** What answers about credentials say that are given before the application is asked. */
  readonly challenges: Challenges
  /** The signature that is served, decorators applied. */
  readonly signature: PredictSignature
  /** The work that delays a stop: unfinished exchanges and background tasks. */
  readonly unfinished: number
  /** `/ready` answers 503 from now on; everything else is served. */
  drain(): void
  /** New requests are answered 503 from now on. Settles when nothing is unfinished. */
  stop(): Promise<void>
  /** Cancels what still runs, then runs the predictor's `close()`. */
  close(): Promise<void>
}
