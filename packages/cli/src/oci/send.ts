import { PassingError } from '../transfer/retry.ts'

/** Statuses of a server that may answer when asked again. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

/**
 * One request.
 *
 * @throws {PassingError} If no answer comes, or one that says to try again.
 */
export async function send(url: URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new PassingError(`${url.host} cannot be reached: ${describe(cause)}`, { cause })
  })
  if (!PASSING.has(response.status)) return response
  await response.body?.cancel()
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const pause = Number.isFinite(seconds) ? seconds * 1000 : undefined
  throw new PassingError(`${url.host} answers with status ${response.status}`, { pause })
}

/** `fetch failed` says nothing; its cause has the code of the system. */
function describe(thrown: unknown): string {
  const cause = Reflect.get(Object(thrown), 'cause') ?? thrown
  return String(Reflect.get(Object(cause), 'code') ?? Reflect.get(Object(cause), 'message'))
}
