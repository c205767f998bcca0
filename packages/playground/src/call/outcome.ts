/** The members of a problem (RFC 9457) that the page shows. */
export interface Problem {
  readonly title: string
  readonly status: number
  readonly code?: string
  readonly detail?: string
  readonly requestId?: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}

/** The progress of a call. */
export interface Outcome {
  readonly state: 'running' | 'streaming' | 'done' | 'stopped' | 'cut' | 'unreachable'
  /** Milliseconds of `performance.now()`. */
  readonly startedAt: number
  /** Milliseconds from the start to the headers of the answer, its first item, and its end. */
  readonly headAfter?: number
  readonly firstAfter?: number
  readonly endAfter?: number
  readonly status?: number
  readonly statusText?: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly type: string
  readonly bytes: number
  readonly content: Content
  /** The error of the server: in place of an answer, or after a part of it. */
  readonly problem?: Problem
  /** An error outside the server, such as a lost connection, in words of the page. */
  readonly failure?: string
}

/** The content of an answer. */
export type Content =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly blob: Blob }
  /** The items of a stream. The array grows in place; `count` is its length. */
  | { readonly kind: 'items'; readonly items: readonly unknown[]; readonly count: number }

/** The value of a header. */
export function headerOf({ headers }: Outcome, name: string): string | undefined {
  return headers.find(([key]) => key === name)?.[1]
}

/** Whether a call is still running. */
export function isRunning(outcome: Outcome | undefined): boolean {
  return outcome?.state === 'running' || outcome?.state === 'streaming'
}
