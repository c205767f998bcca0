import { describe, expect, it } from 'vitest'
import { AddressList, isPublic } from '../../src/network/address-list.ts'
import { decideClientAddress } from '../../src/network/client-address.ts'
import type { ForwardingHeader } from '../../src/network/forwarded.ts'
import { HostList, hostOf } from '../../src/network/host-list.ts'

const trustedProxies = new AddressList(['10.0.0.0/8', 'fd00::/8'], 'trustedProxies')

function decide(peer: string | undefined, value?: string, header: ForwardingHeader = 'x-forwarded-for') {
  return decideClientAddress(peer, value, { trustedProxies, header })
}

describe('the address of a caller', () => {
  it.each([
    ['of a peer that is no proxy', '192.0.2.1', '10.9.9.9', '192.0.2.1'],
    ['that the proxy names', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['that the last proxy of several names', '10.0.0.1', '192.0.2.1, 10.0.0.2', '192.0.2.1'],
    ['not what the caller wrote itself', '10.0.0.1', '10.1.1.1, 192.0.2.1', '192.0.2.1'],
    ['not even where the caller claims a proxy of ours', '10.0.0.1', '198.51.100.1,192.0.2.1, 10.0.0.2', '192.0.2.1'],
    ['of a proxy that asks for itself', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['of a proxy in its IPv6 form', '::ffff:10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['of IPv4 in its IPv6 form', '10.0.0.1', '::ffff:192.0.2.1', '192.0.2.1'],
    ['with a port', '10.0.0.1', '192.0.2.1:4711', '192.0.2.1'],
    ['of IPv6 with a port', 'fd00::1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['of IPv6', 'fd00::1', '2001:db8::1', '2001:db8::1'],
  ])('is that %s', (_which, peer, value, expected) => {
    expect(decide(peer, value)).toBe(expected)
  })

  it.each([
    ['there is no header', undefined],
    ['it is empty', ''],
    ['its last entry is empty', '10.2.2.2,'],
    ['its last entry is no address', '10.2.2.2, unknown'],
    ['its last entry is hidden', '10.2.2.2, _hidden'],
    ['its last entry is a number', '10.2.2.2, 3232235777'],
    ['its last entry has leading zeros', '10.2.2.2, 010.0.0.1'],
    ['its last entry has a zone', '10.2.2.2, fe80::1%eth0'],
    ['its last entry is two', '10.2.2.2, 10.0.0.1 10.0.0.2'],
  ])('is not known where %s', (_why, value) => {
    expect(decide('10.0.0.1', value)).toBeUndefined()
  })

  it('is not known where the peer is not', () => {
    expect(decide(undefined, '10.0.0.1')).toBeUndefined()
  })

  it.each([
    ['for=192.0.2.1', '192.0.2.1'],
    ['For="192.0.2.1:4711";proto=https;by=203.0.113.43', '192.0.2.1'],
    ['for="[2001:db8::1]:4711"', '2001:db8::1'],
    ['for=10.1.1.1, for=192.0.2.1', '192.0.2.1'],
    ['for=192.0.2.1, for=10.0.0.2', '192.0.2.1'],
    ['for="10.1.1.1, for=10.1.1.1", for=192.0.2.1;host="a,b;for=10.0.0.1"', '192.0.2.1'],
    ['for=unknown', undefined],
    ['for=_secret', undefined],
    ['proto=https', undefined],
    ['for=192.0.2.1;for=10.0.0.1', undefined],
    ['for="10.0.0.1', undefined],
    // A quote left open by the caller, with what the proxy adds behind it.
    ['for=192.0.2.66;x=", for=192.0.2.1', undefined],
    ['for=192.0.2.66;x=", for="192.0.2.1:4711"', undefined],
    ['for=192.0.2.66;x="\\", for="192.0.2.1"', undefined],
    ['for=192.0.2.66;x="a\\\\", for=192.0.2.1', '192.0.2.1'],
    ['for=192.0.2.66;x="\\"", for=192.0.2.1', '192.0.2.1'],
    ['for=192.0.2.66 x, for=192.0.2.1', undefined],
    ['', undefined],
    [',', undefined],
  ])('in Forwarded: %s is %s', (value, expected) => {
    expect(decide('10.0.0.1', value, 'forwarded')).toBe(expected)
  })
})

describe('a list of addresses', () => {
  it.each(['10.0.0.0/33', '10.0.0/8', 'fd00::/129', '', 'example.com', '10.0.0.0/8 ', '300.1.1.1'])(
    'refuses %j',
    text => {
      expect(() => new AddressList([text], 'allow')).toThrow(
        expect.objectContaining({
          code: 'invalid_option',
          message: expect.stringContaining(`allow has ${JSON.stringify(text)}, which is neither an address nor a CIDR`),
        }),
      )
    },
  )

  it('takes IPv4 in its IPv6 form for what it is', () => {
    const list = new AddressList(['10.0.0.0/8', '::1'], 'allow')
    expect(['10.1.2.3', '::ffff:10.1.2.3', '::ffff:a01:203', '::1'].map(address => list.has(address))).not.toContain(
      false,
    )
    expect(['11.1.2.3', '::ffff:11.1.2.3', '::2', 'nonsense', ''].map(address => list.has(address))).not.toContain(true)
  })

  it.each([
    ['0.0.0.0/0', true],
    ['8.8.8.8', true],
    ['10.0.0.0/7', true],
    ['2000::/3', true],
    ['10.1.0.0/16', false],
    ['172.16.0.0/12', false],
    ['fd12::/16', false],
    ['127.0.0.1', false],
    ['::ffff:0:0/96', true],
    ['::ffff:10.0.0.0/90', true],
    ['::ffff:10.0.0.0/104', false],
  ])('knows whether %s is public: %s', (text, expected) => {
    expect(new AddressList([text], 'allow').blocks.map(isPublic)).toEqual([expected])
  })
})

describe('a list of hosts', () => {
  const list = new HostList(['Model.internal', '10.0.0.5', '::1', '*.example.com'], 'hosts')

  it.each(['model.internal', 'MODEL.INTERNAL', 'model.internal.', '10.0.0.5', '0:0::1', 'a.example.com'])(
    'has %s',
    host => {
      expect(list.has(host)).toBe(true)
    },
  )

  it.each(['example.com', 'a.b.example.com', 'model.internal.evil', '10.0.0.50', '', '::2'])('has not %j', host => {
    expect(list.has(host)).toBe(false)
  })

  it.each([
    ['model.internal:8443', 'model.internal'],
    ['model.internal', 'model.internal'],
    ['[::1]:80', '::1'],
    ['[::1]', '::1'],
  ])('finds the host of %s', (authority, host) => {
    expect(hostOf(authority)).toBe(host)
  })

  it('refuses what is no name', () => {
    expect(() => new HostList(['https://model'], 'hosts')).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('neither a host name') }),
    )
  })
})
