import { setHeader } from './headers.ts'

/** A secret, or a function that is called for it before each attempt, so that tokens may rotate. */
export type ClientSecret = string | (() => string | Promise<string>)

/** The client's credentials: the counterparts of the decorators of `incant/auth`. */
export type ClientAuth =
  /** `Authorization: Bearer …`: for `@bearerAuth` and `@jwtAuth`. */
  | { readonly bearer: ClientSecret }
  /** `Authorization: Basic …`: a name and a password, or a bare token for `tokenOnly`. */
  | { readonly basic: BasicCredentials }
  /** A separate header, `X-API-Key` unless named: for `@apiKeyAuth`. */
  | { readonly apiKey: ClientSecret; readonly header?: string | undefined }
  /** A member of the JSON payload, `auth` unless named: for `@bodyTokenAuth`. */
  | { readonly bodyToken: ClientSecret; readonly member?: string | undefined }

/** The credentials of HTTP Basic (RFC 7617). */
export type BasicCredentials =
  | { readonly name: string; readonly password: ClientSecret }
  | { readonly token: ClientSecret }

/** Credentials as one attempt sends them. */
export interface Credentials {
  readonly headers: Headers
  /** Members to be added to the payload. */
  readonly members: Readonly<Record<string, string>>
}

/** An authentication that sends no credentials. */
export const NO_CREDENTIALS: readonly ClientAuth[] = []

/**
 * Asks for the secrets and puts them where they belong.
 *
 * @throws {TypeError} Where one cannot be sent; never with the secret in it.
 * @throws What a function that was asked throws.
 */
export async function collectCredentials(auth: readonly ClientAuth[]): Promise<Credentials> {
  const headers = new Headers()
  const members: Record<string, string> = {}
  for (const one of auth) {
    if ('bearer' in one) setHeader(headers, 'Authorization', `Bearer ${await ask(one.bearer, 'bearer')}`)
    else if ('basic' in one) setHeader(headers, 'Authorization', `Basic ${await encodeBasic(one.basic)}`)
    else if ('apiKey' in one) setHeader(headers, one.header ?? 'X-API-Key', await ask(one.apiKey, 'apiKey'))
    else members[one.member ?? 'auth'] = await ask(one.bodyToken, 'bodyToken')
  }
  return { headers, members }
}

/**
 * Looks at what was given, once and early.
 *
 * @throws {TypeError} Where it is none of the forms.
 */
export function readAuth(given: ClientAuth | readonly ClientAuth[] | undefined): readonly ClientAuth[] {
  if (given === undefined) return NO_CREDENTIALS
  const list = Array.isArray(given) ? given : [given]
  for (const one of list) refuseUnknown(one)
  return list
}

const FORMS = ['bearer', 'basic', 'apiKey', 'bodyToken']

/** JavaScript calls this, too: a secret that goes nowhere should be found before the server is asked. */
function refuseUnknown(one: unknown): void {
  if (typeof one === 'object' && one !== null && FORMS.filter(form => form in one).length === 1) return
  throw new TypeError(`auth must be an object with one of ${FORMS.join(', ')}, or a list of them.`)
}

async function encodeBasic(basic: BasicCredentials): Promise<string> {
  if ('token' in basic) return encodeBase64(await ask(basic.token, 'basic.token'))
  // RFC 7617 §2: the first colon ends the name.
  if (basic.name.includes(':')) throw new TypeError('auth.basic.name has a colon, which HTTP Basic cannot carry.')
  return encodeBase64(`${basic.name}:${await ask(basic.password, 'basic.password')}`)
}

function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}

/** An empty secret, or `undefined` of an unset variable, would be sent as if it were one. */
async function ask(secret: ClientSecret, name: string): Promise<string> {
  const value: unknown = typeof secret === 'function' ? await secret() : secret
  if (typeof value === 'string' && value !== '') return value
  const found = value === '' ? 'empty' : value === null ? 'null' : `of type ${typeof value}`
  throw new TypeError(`auth.${name} is ${found}: it must be a text, or a function that gives one.`)
}
