import type { ExportedJWKSCache, JWKSCacheInput, JWTVerifyGetKey } from 'jose'
import type { Logger } from '../../log/logger.ts'
import type { Jose } from './jose.ts'
import { watchDate } from './watch-date.ts'

/** How long after they were fetched keys are good while newer ones cannot be had, in milliseconds. */
const MAXIMUM_AGE = 3_600_000

/** How long after a failure the issuer is left alone while older keys are still usable, in milliseconds. */
const PAUSE = 30_000

/**
 * Finds keys among those that an issuer publishes. They are fetched again after ten minutes. While the issuer is
 * unreachable, known keys stay valid for an hour, so that its outage does not become ours; an unknown key is then an
 * error of the server, not of the token.
 */
export function remoteKeys(url: URL, jose: Jose, logger: Logger): JWTVerifyGetKey {
  // jose writes down here what it has fetched, and when.
  const cache: JWKSCacheInput = {}
  const makeRemote = () => jose.createRemoteJWKSet(url, { [jose.jwksCache]: cache })
  let remote = makeRemote()
  const stepOfDate = watchDate()
  let outage: { readonly error: unknown; readonly askAgainAt: number } | undefined
  return async (head, token) => {
    // jose goes by the date: an hour back, it would ask for no new key for an hour.
    const step = stepOfDate()
    if (step !== 0) {
      if (isFilled(cache)) cache.uat += step
      remote = makeRemote()
    }
    if (outage !== undefined && performance.now() < outage.askAgainAt && isUsable(cache)) {
      return findAmong(cache.jwks, outage.error)
    }
    try {
      const key = await remote(head, token)
      outage = undefined
      return key
    } catch (error) {
      // With keys of the last ten minutes it is no matter of age: a key that is not there, or not to be found out.
      if (remote.fresh || !isUsable(cache)) throw error
      if (outage === undefined)
        logger.log('warn', "cannot refresh the issuer's keys, still using the previous ones", OUTAGE)
      outage = { error, askAgainAt: performance.now() + PAUSE }
      return findAmong(cache.jwks, error)
    }

    async function findAmong(keys: ExportedJWKSCache['jwks'], failure: unknown) {
      try {
        return await jose.createLocalJWKSet(keys)(head, token)
      } catch {
        throw failure
      }
    }
  }
}

/** For the log. */
const OUTAGE = { strategy: 'jwtAuth', longestMinutes: MAXIMUM_AGE / 60_000 }

function isFilled(cache: JWKSCacheInput): cache is ExportedJWKSCache {
  return 'uat' in cache
}

function isUsable(cache: JWKSCacheInput): cache is ExportedJWKSCache {
  return isFilled(cache) && Date.now() - cache.uat < MAXIMUM_AGE
}
