import { BlockList, isIP } from 'node:net'
import { StartupError } from '../errors/startup-error.ts'

/** One block of addresses, read. */
export interface AddressBlock {
  readonly text: string
  readonly network: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** Blocks of addresses. An IPv4 address in its IPv6 form (`::ffff:10.0.0.1`) is in the blocks it is in as IPv4. */
export class AddressList {
  readonly blocks: readonly AddressBlock[]
  readonly #list = new BlockList()

  /**
   * @param origin The option or decorator that the texts come from, for messages.
   * @throws {StartupError} `invalid_option`, where one is no address and no CIDR block.
   */
  constructor(texts: readonly string[], origin: string) {
    this.blocks = texts.map(text => parseBlock(text) ?? refuse(text, origin))
    for (const { network, prefix, family } of this.blocks) this.#list.addSubnet(network, prefix, family)
  }

  /** Whether an address is in one of the blocks. What is no address is in none. */
  has(address: string): boolean {
    // A look into an empty list costs as much as one into a long one, and most servers trust no proxy.
    if (this.blocks.length === 0) return false
    // A link-local address also names its interface, which is not part of the address.
    const [bare = ''] = address.split('%')
    const family = isIP(bare)
    return family !== 0 && this.#list.check(bare, family === 6 ? 'ipv6' : 'ipv4')
  }
}

function parseBlock(text: string): AddressBlock | undefined {
  const [, network = '', digits] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const family = isIP(network)
  const bits = family === 6 ? 128 : 32
  const prefix = digits === undefined ? bits : Number(digits)
  if (family === 0 || prefix > bits) return undefined
  return { text, network, prefix, family: family === 6 ? 'ipv6' : 'ipv4' }
}

function refuse(text: unknown, origin: string): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `${origin} has ${JSON.stringify(text)}, which is neither an address nor a CIDR block`,
    instead: 'Write blocks such as 10.0.0.0/8 or fd00::/8, or single addresses.',
  })
}

/** Addresses that no router of the internet forwards: RFC 1918, 6598, 3927, 4193, 4291, and this machine. */
const NOT_PUBLIC = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
].map(text => ({ list: new AddressList([text], 'the private ranges'), prefix: Number(text.split('/')[1]) }))

/** Whether a block contains addresses of the internet. */
export function isPublic(block: AddressBlock): boolean {
  return !NOT_PUBLIC.some(range => range.list.has(block.network) && significantBits(block) >= range.prefix)
}

/** Whether a block contains every address of a family. */
export function isEverything(block: AddressBlock): boolean {
  return significantBits(block) <= 0
}

const MAPPED = new AddressList(['::ffff:0:0/96'], 'the IPv4 addresses in their IPv6 form')

/** Bits that the addresses of a block have in common; of IPv4 in its IPv6 form those of IPv4. */
function significantBits({ network, prefix, family }: AddressBlock): number {
  return family === 'ipv6' && prefix > 0 && MAPPED.has(network) ? prefix - 96 : prefix
}
