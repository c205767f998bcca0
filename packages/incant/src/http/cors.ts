import type { HeaderLines } from '../errors/request-error.ts'
import type { OriginList } from '../network/origin-list.ts'
import { Answer } from './answer.ts'
import type { HeaderReader } from './request-source.ts'

/** The response headers that a page may read besides those that Fetch always exposes. */
const EXPOSED = 'X-Request-Id, Retry-After, WWW-Authenticate, Location, Preference-Applied'

/** How long a browser may remember a preflight, in seconds. Chromium keeps none for longer. */
const MAX_AGE = '7200'

type CorsHeaders = Readonly<Record<string, string>>

/** The headers to add to the answer of a request, whatever its status (Fetch, CORS protocol). Undefined: none. */
export function corsHeaders(origins: OriginList, origin: string | null | undefined): CorsHeaders | undefined {
  if (origins.isEmpty) return undefined
  // Every origin gets the same answer, so nothing varies; with `*` browsers send no credentials.
  if (origins.isEverybody) return { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': EXPOSED }
  if (!origin || !origins.has(origin)) return { Vary: 'Origin' }
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': EXPOSED,
    Vary: 'Origin',
  }
}

/** Lists that an answer may have already, and to which ours are added. */
const ADDED: readonly string[] = ['Vary', 'Access-Control-Expose-Headers']

/** Adds headers to an answer. What a predictor's own response says of the same is replaced; its lists stay. */
export function withCors(answer: Answer | Response, headers: CorsHeaders | undefined): Answer | Response {
  if (headers === undefined) return answer
  if (answer instanceof Answer) return new Answer(answer.status, { ...answer.headers, ...headers }, answer.body)
  for (const [name, value] of Object.entries(headers)) {
    if (ADDED.includes(name)) answer.headers.append(name, value)
    else answer.headers.set(name, value)
  }
  return answer
}

/** A preflight request (Fetch, CORS protocol). */
export interface Preflight {
  readonly method: string
  readonly headers: HeaderReader
}

/**
 * The answer to a preflight of an origin that may call. Undefined: the request is none, or its origin may not.
 *
 * @param methods - Those of the path.
 */
export function answerPreflight(
  { method, headers }: Preflight,
  origins: OriginList,
  methods: string,
): Answer | undefined {
  const origin = headers.get('origin')
  const isPreflight = method === 'OPTIONS' && headers.has('access-control-request-method')
  if (origins.isEmpty || !isPreflight || origin === null || !origins.has(origin)) return undefined
  return new Answer(204, { 'Access-Control-Allow-Methods': methods, ...allowHeaders(headers) }, null)
}

/**
 * The requested names: predictors use custom headers for keys, and `*` covers neither `Authorization` nor, with
 * credentials, any other.
 */
function allowHeaders(headers: HeaderReader): HeaderLines {
  const asked = headers.get('access-control-request-headers')
  const isList = asked !== null && /^[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/.test(asked)
  return { ...(isList ? { 'Access-Control-Allow-Headers': asked } : {}), 'Access-Control-Max-Age': MAX_AGE }
}
