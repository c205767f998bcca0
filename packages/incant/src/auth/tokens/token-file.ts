import type { StoredToken, TokenStore, TokenStoreHost } from '../token-store.ts'
import type { CreatedToken, RotatedToken, RotateOptions } from './administration.ts'
import * as administration from './administration.ts'
import type { TokenSelector } from './changes.ts'
import { parseDocument } from './document.ts'
import { FollowedFile } from './file/follow.ts'
import { LastUseLog, type LastUses } from './last-use.ts'
import type { TokenListing } from './record.ts'
import type { TokenTerms } from './terms.ts'

/** A store of tokens that is a JSON file. `incant token` does from the command line what its methods do. */
export interface TokenFile extends TokenStore {
  /**
   * Creates a token, and the file where there is none.
   *
   * @throws {StartupError} `invalid_option`, where the terms are not valid; `permission_denied`; `invalid_auth`, where
   * the file is not a file of tokens.
   */
  create(terms?: TokenTerms): Promise<CreatedToken>
  /** All tokens, oldest first, also those that ended in the last 90 days. */
  list(): Promise<readonly TokenListing[]>
  /**
   * Creates a token that follows another: the same name and scopes, and as long a life. The old one stays valid for the
   * grace period, so that its users have time to change.
   *
   * @throws {StartupError} `invalid_option`, where no token or more than one matches, or it has ended or was rotated
   * already.
   */
  rotate(which: TokenSelector, options?: RotateOptions): Promise<RotatedToken>
  /**
   * Revokes a token at once; a name selects all tokens of that name, also rotated ones.
   *
   * @returns The ids of all selected tokens, also of those that had ended already.
   * @throws {StartupError} `invalid_option`, where no token matches.
   */
  revoke(...which: readonly TokenSelector[]): Promise<readonly string[]>
}

/**
 * Keeps tokens in a JSON file: hashes, never a secret. Any number of servers may read it and any number of processes
 * change it. A change is used within a second, without a restart and with no request refused; if the file is missing or
 * broken, the known tokens stay in use, and the log says so.
 *
 * @param path - The file. It must be there when a server starts, and only its owner may write it. It may be a symbolic
 * link, and a mounted Kubernetes secret.
 * @example
 * ```ts
 * @bearerAuth({ tokens: tokenFile('tokens.json') })
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function tokenFile(path: string): TokenFile {
  const server = new ServedFile(path)
  return {
    open: host => server.open(host),
    find: id => server.find(id),
    touch: (id, at) => server.touch(id, at),
    close: () => server.close(),
    create: terms => server.showing(administration.createToken(path, terms)),
    list: () => administration.listTokens(path, server.noted),
    rotate: (which, options) => server.showing(administration.rotateToken(path, which, options)),
    revoke: (...which) => server.showing(administration.revokeTokens(path, which)),
  }
}

/** The file as servers of this process use it: opened once, however many predictors share it. */
class ServedFile {
  readonly #path: string
  #users = 0
  #tokens: ReadonlyMap<string, StoredToken> = new Map()
  #file: FollowedFile | undefined
  #uses: LastUseLog | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** @throws {StartupError} */
  open({ logger }: TokenStoreHost): void {
    if (this.#users === 0) {
      this.#file = new FollowedFile({ path: this.#path, take: text => this.#take(text) }, logger)
      this.#uses = new LastUseLog(this.#path, logger)
      if (this.#tokens.size === 0)
        logger.log('warn', 'the token file is empty: every call is refused', { file: this.#path })
    }
    this.#users += 1
  }

  find(id: string): StoredToken | undefined {
    if (this.#users === 0) throw new Error('the file of tokens has not been opened')
    return this.#tokens.get(id)
  }

  touch(id: string, at: number): void {
    this.#uses?.note(id, at)
  }

  /** Uses that have not been written yet. */
  get noted(): LastUses {
    return this.#uses?.noted ?? new Map()
  }

  /** Lets this process know a change at once that it has made itself. */
  async showing<Result>(change: Promise<Result>): Promise<Result> {
    const result = await change
    await this.#file?.look()
    return result
  }

  async close(): Promise<void> {
    this.#users = Math.max(0, this.#users - 1)
    if (this.#users > 0) return
    await Promise.all([this.#file?.close(), this.#uses?.close()])
  }

  /** A revoked token is unknown, whatever the clock of this machine says. */
  #take(text: string): { readonly tokens: number } {
    const known = parseDocument(text, this.#path).filter(token => token.revoked === undefined)
    this.#tokens = new Map(known.map(token => [token.id, token]))
    return { tokens: this.#tokens.size }
  }
}
