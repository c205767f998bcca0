/** The headers that tell which page sent a request. */
export interface PageRequest {
  readonly method: string
  readonly headers: Pick<Headers, 'get'>
  /** The host and port of the request. */
  authority(): string | undefined
}

/**
 * Whether a request that acts comes from a web page of another origin, by the rule of Go's
 * `http.CrossOriginProtection`. `Sec-Fetch-Site` decides (Fetch Metadata), which every browser sends over HTTPS and to
 * localhost; without it `Origin` must name the host of the request. A request that has neither does not come from a
 * browser.
 */
export function isCrossSite({ method, headers, authority }: PageRequest): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false
  const site = headers.get('sec-fetch-site')
  if (site) return site !== 'same-origin' && site !== 'none'
  const origin = headers.get('origin')
  return !!origin && !names(origin, authority())
}

/** Both in one spelling: a browser leaves the default port out of both, a proxy may put it into the host. */
function names(origin: string, authority: string | undefined): boolean {
  if (authority === undefined || !URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  const asked = `${protocol}//${authority}`
  return host !== '' && URL.canParse(asked) && new URL(asked).host === host
}
