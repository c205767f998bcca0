import { array, assert, constantFrom, property, string } from 'fast-check'
import { describe, it } from 'vitest'
import { AddressList } from '../../src/network/address-list.ts'
import { decideClientAddress } from '../../src/network/client-address.ts'
import type { ForwardingHeader } from '../../src/network/forwarded.ts'

const trustedProxies = new AddressList(['10.0.0.0/8', '::1'], 'trustedProxies')
const CALLER = '192.0.2.1'

/** What a caller can write before the proxy adds its own entry: pieces of the grammar, in whatever order. */
const PIECES = ['for=192.0.2.66', 'for="192.0.2.66"', '192.0.2.66', '[::1]', 'x="', 'x=', '"', '\\', ',', ';', ' ']
const written = array(constantFrom(...PIECES), { maxLength: 6 }).map(pieces => pieces.join(''))

const entries: Readonly<Record<ForwardingHeader, readonly string[]>> = {
  'x-forwarded-for': [CALLER, `${CALLER}:4711`],
  forwarded: [`for=${CALLER}`, `for="${CALLER}:4711"`, `for=${CALLER};proto=http;host="a"`],
}

describe.each(Object.entries(entries))('in %s', (header, proxies) => {
  it('a caller never becomes another one, whatever stands before the entry of the proxy', () => {
    const mayBe = new Set([CALLER, undefined])
    assert(
      property(
        written,
        string(),
        constantFrom(...proxies),
        constantFrom(',', ', '),
        (pieces, anything, entry, comma) => {
          for (const prefix of [pieces, anything]) {
            // The key is one of the two names.
            const policy = { trustedProxies, header: header as ForwardingHeader }
            if (!mayBe.has(decideClientAddress('10.0.0.1', `${prefix}${comma}${entry}`, policy))) return false
          }
          return true
        },
      ),
      { numRuns: 10_000 },
    )
  })
})
