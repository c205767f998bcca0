import { StartupError } from 'incant/internal/signature'
import { type Challenge, parseChallenge } from './challenge.ts'
import { type Credentials, findCredentials } from './credentials.ts'
import type { Reference } from './reference.ts'
import { send } from './send.ts'

/**
 * Answers the challenges of a registry: by HTTP Basic, or with a token that its token service gives for credentials, or for
 * none.
 */
export class Authorizer {
  readonly #reference: Reference
  #credentials: Promise<Credentials | undefined> | undefined
  #header: string | undefined

  constructor(reference: Reference) {
    this.#reference = reference
  }

  /** The header of the next request. */
  get header(): string | undefined {
    return this.#header
  }

  /**
   * Answers the challenge of a response 401.
   *
   * @returns Whether there is something new to try.
   */
  async answer(response: Response): Promise<boolean> {
    const challenge = parseChallenge(response.headers.get('www-authenticate'))
    this.#credentials ??= findCredentials(this.#reference.registry)
    const header = challenge === undefined ? undefined : await this.#respond(challenge, await this.#credentials)
    const isNew = header !== undefined && header !== this.#header
    this.#header = header ?? this.#header
    return isNew
  }

  async #respond(challenge: Challenge, credentials: Credentials | undefined): Promise<string | undefined> {
    if (challenge.scheme === 'basic') return credentials?.kind === 'password' ? basic(credentials) : undefined
    if (challenge.scheme !== 'bearer') return undefined
    return `Bearer ${await this.#requestToken(challenge, credentials)}`
  }

  async #requestToken({ parameters }: Challenge, credentials: Credentials | undefined): Promise<string> {
    const realm = this.#readRealm(parameters.get('realm'))
    const terms = new URLSearchParams([...parameters].filter(([name]) => name === 'service' || name === 'scope'))
    const response = await send(...tokenRequest(realm, terms, credentials))
    const answer: unknown = response.ok ? await response.json().catch(() => undefined) : await response.body?.cancel()
    const token = Reflect.get(Object(answer), 'token') ?? Reflect.get(Object(answer), 'access_token')
    if (typeof token === 'string') return token
    throw new StartupError({
      code: 'registry_refused',
      found: `${realm.host} gives no token for ${this.#reference.registry}: status ${response.status}`,
      instead: `Log in: docker login ${this.#reference.registry}`,
    })
  }

  /** Credentials never leave a registry with TLS for a service without. */
  #readRealm(given = ''): URL {
    const { origin, registry } = this.#reference
    const realm = URL.canParse(given) ? new URL(given) : undefined
    if (realm?.protocol === 'https:' || (realm?.protocol === 'http:' && origin.startsWith('http:'))) return realm
    const found = `${registry} names a token service that is no https URL`
    throw new StartupError({ code: 'registry_refused', found, instead: 'Check the name of the registry.' })
  }
}

function basic({ username, password }: Extract<Credentials, { kind: 'password' }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** An identity token is exchanged by OAuth 2 (RFC 6749 §6), everything else by the older GET. */
function tokenRequest(realm: URL, terms: URLSearchParams, credentials: Credentials | undefined): [URL, RequestInit] {
  if (credentials?.kind === 'identity') {
    const grant = { grant_type: 'refresh_token', client_id: 'incant', refresh_token: credentials.token }
    return [realm, { method: 'POST', body: new URLSearchParams([...terms, ...Object.entries(grant)]) }]
  }
  const url = new URL(realm)
  for (const [name, value] of terms) url.searchParams.append(name, value)
  return [url, credentials === undefined ? {} : { headers: { authorization: basic(credentials) } }]
}
