export type { HeaderReader } from '../http/request-source.ts'
export type { ClientCertificate } from '../http/transport.ts'
export { type PrivateNetworkOptions, privateNetwork } from '../network/private-network.ts'
export type { SecurityScheme } from '../openapi/document.ts'
export type { JWTAlgorithm, JWTAuthOptions, JWTCheckOptions, JWTClaims, JWTKeyOptions } from './jwt/options.ts'
export { hashPassword } from './passwords.ts'
export type { AuthDecorator } from './policy/decorator.ts'
export { publicAccess } from './policy/public-access.ts'
export { rateLimit } from './policy/rate-limit.ts'
export type { Rate } from './policy/requirement.ts'
export { requireScopes } from './policy/scopes.ts'
export type { RealmOption } from './realm.ts'
export type { SecretReader } from './secret-reader.ts'
export type { TokenOptions } from './secrets/check-token.ts'
export type { Users } from './secrets/check-user.ts'
export type { EnvironmentSecret, FileSecret, Secrets, Tokens } from './secrets/secrets.ts'
export type { Verification, Verify } from './secrets/verify.ts'
export { type APIKeyAuthOptions, apiKeyAuth } from './strategies/api-key.ts'
export { type BasicAuthOptions, basicAuth, type TokenOnly } from './strategies/basic.ts'
export { type BearerAuthOptions, bearerAuth } from './strategies/bearer.ts'
export { type BodyTokenAuthOptions, bodyTokenAuth } from './strategies/body-token.ts'
export { allOf, anyOf } from './strategies/combine.ts'
export { auth } from './strategies/custom.ts'
export { jwtAuth } from './strategies/jwt.ts'
export { type MutualTLSAuthOptions, mutualTlsAuth } from './strategies/mutual-tls.ts'
export type {
  AuthHost,
  AuthStrategy,
  Challenge,
  ConnectionStrategy,
  HeaderStrategy,
  PayloadStrategy,
  Refusal,
  RefusalReason,
  StrategyBase,
  Verdict,
} from './strategy.ts'
export type { StoredToken, TokenStore, TokenStoreHost } from './token-store.ts'
export type { CreatedToken, RotatedToken, RotateOptions } from './tokens/administration.ts'
export type { TokenSelector } from './tokens/changes.ts'
export { type IssuedToken, issueToken } from './tokens/issue.ts'
export type { TokenListing, TokenRecord, TokenState } from './tokens/record.ts'
export type { TokenTerms } from './tokens/terms.ts'
export { type TokenFile, tokenFile } from './tokens/token-file.ts'
