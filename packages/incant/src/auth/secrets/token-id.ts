/**
 * The id in a token of the form `inc_<id>_<secret>`, the part that is not secret. Undefined where it has another form.
 * Whether the rest is well formed need not be known: what is not the token has not its hash.
 */
export function tokenId(token: string): string | undefined {
  return /^inc_([0-9A-Za-z]{1,64})_/.exec(token)?.[1]
}
