import { isIP } from 'node:net'
import { AddressList } from '../../network/address-list.ts'
import { isPublicAddress, targetAddress } from '../../network/public-address.ts'

const LONGEST_URL = 2048

/** Where webhooks may go: over HTTPS to every public address, and to the addresses that the operator has named. */
export class WebhookPolicy {
  readonly #allowed: AddressList

  /**
   * @param allow - Addresses and CIDR blocks that are open beside the public ones, over HTTP too.
   * @throws {StartupError} `invalid_option`, where one is neither.
   */
  constructor(allow: readonly string[]) {
    this.#allowed = new AddressList(allow, 'webhookAllow')
  }

  /** As `WebhookTransport.findFault`. What a host name leads to is not looked at: it may be another one when it is used. */
  findFault(text: string): string | undefined {
    const url = text.length <= LONGEST_URL && URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined) return `must be an absolute URL of at most ${LONGEST_URL} characters`
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL'
    if (url.username !== '' || url.password !== '') return 'must not contain credentials; webhooks are signed'
    const isSecure = url.protocol === 'https:'
    if (!isSecure && this.#allowed.blocks.length === 0) return 'must be an https URL'
    const host = hostOf(url)
    if (isIP(host) === 0 || this.allows(host, isSecure)) return undefined
    return isSecure ? 'must lead to a public address' : 'must be an https URL'
  }

  /** Whether a connection to an address may be made. */
  allows(address: string, isSecure: boolean): boolean {
    return (
      this.#allowed.has(targetAddress(address)) || this.#allowed.has(address) || (isSecure && isPublicAddress(address))
    )
  }
}

/** The host of a URL, an IPv6 address without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}
