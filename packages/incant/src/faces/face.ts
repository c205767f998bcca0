import type { HeaderLines } from '../errors/request-error.ts'
import type { Problem } from '../http/problem.ts'
import type { FaceFit, FaceSubject } from './fit.ts'
import type { FaceRoute } from './route.ts'

/** The protocols on which a model can answer beside `/predict`: as `--protocol` names them, and `grpc`, which has its own listener. */
export type ProtocolName = 'openai' | 'v2' | 'v1' | 'mcp' | 'jobs' | 'grpc'

/**
 * One protocol on which models answer: it reads requests of that protocol, calls models, and writes their answers in it.
 * A face is code over data. It never sees a socket, a process or another face.
 */
export interface Face {
  readonly protocol: ProtocolName
  /** The paths under which everything is this protocol's, unknown paths included: `/v1`. */
  readonly areas: readonly string[]
  /** Whether a model fits the protocol, by its types alone. Pure, and cheap enough for each start. */
  describe(model: FaceSubject): FaceFit
  /** The routes of a server in which at least one model fits. */
  readonly routes: readonly FaceRoute[]
  /**
   * An error in the form of the protocol, for everything on its paths: refusals of the server, errors of predict, and
   * paths that do not exist.
   */
  refuse(failure: FaceFailure): FaceRefusal
}

/** Something that went wrong on a path of a face. */
export interface FaceFailure {
  readonly thrown: unknown
  /** The problem as callers may see it. */
  readonly problem: Problem
  /** The body as far as it was read before. Undefined where the request was refused without it. */
  readonly body: unknown
  /** The authorization servers whose tokens the models of the face take, as URLs. */
  readonly issuers: readonly string[]
  /** The address of a path of this server, as the caller reaches it. */
  url(path: string): string
}

/** How a face answers a failure. Headers such as `Retry-After` and `WWW-Authenticate` are added to its own. */
export interface FaceRefusal {
  /** @default the status of the problem */
  readonly status?: number
  readonly headers?: HeaderLines
  /** The whole body, sent as `application/json`: the members of the problem, and the protocol's own beside them. */
  readonly document: object
}
