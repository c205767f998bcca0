/**
 * The status codes of gRPC.
 *
 * @see https://grpc.github.io/grpc/core/md_doc_statuscodes.html
 */
export const STATUS = {
  ok: 0,
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const

/** By the status that an answer over HTTP would have. */
const BY_HTTP_STATUS: Readonly<Record<number, number>> = {
  400: STATUS.invalidArgument,
  401: STATUS.unauthenticated,
  403: STATUS.permissionDenied,
  404: STATUS.notFound,
  405: STATUS.unimplemented,
  408: STATUS.deadlineExceeded,
  409: STATUS.aborted,
  413: STATUS.resourceExhausted,
  415: STATUS.unimplemented,
  422: STATUS.invalidArgument,
  429: STATUS.resourceExhausted,
  431: STATUS.resourceExhausted,
  499: STATUS.cancelled,
  501: STATUS.unimplemented,
  502: STATUS.unavailable,
  503: STATUS.unavailable,
  504: STATUS.deadlineExceeded,
}

/** Refusals for want of room, which over HTTP are a 503. */
const WITHOUT_ROOM: readonly string[] = ['queue_full', 'too_many_connections']

/** The status code of gRPC for a problem. */
export function statusOfProblem({ status, code }: { readonly status: number; readonly code: string }): number {
  if (WITHOUT_ROOM.includes(code)) return STATUS.resourceExhausted
  return BY_HTTP_STATUS[status] ?? (status < 500 ? STATUS.failedPrecondition : STATUS.internal)
}
