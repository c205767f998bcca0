/** An IPv4 address as such, where it comes in the IPv6 form that a socket of both families gives it (RFC 4291 §2.5.5.2). */
export function plainAddress(address: string): string
export function plainAddress(address: string | undefined): string | undefined
export function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '')
}
