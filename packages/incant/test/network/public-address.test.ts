import { expect, test } from 'vitest'
import { isPublicAddress, targetAddress } from '../../src/network/public-address.ts'

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '::ffff:808:808',
  '64:ff9b::8.8.8.8',
  '64:ff9b::808:808',
  '2000::',
  '2001:200::1',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '3ffe:ffff::',
])('%s is public', address => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  // This machine, private and shared networks, their gateways.
  ...[
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '127.255.255.255',
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
  ],
  ...['192.168.0.1', '192.168.255.255', '100.64.0.1', '100.127.255.255'],
  // Metadata services: AWS, GCP and Azure; Alibaba; Oracle; Azure's platform; AWS over IPv6.
  ...['169.254.169.254', '100.100.100.200', '192.0.0.192', '168.63.129.16', 'fd00:ec2::254', 'fe80::a9fe:a9fe'],
  // Link-local, documentation, benchmarks, relays, multicast, reserved, broadcast.
  ...['169.254.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '198.19.255.255', '192.88.99.1'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  // IPv6: unspecified, loopback, IPv4-compatible, unique local, link-local with an interface, site-local, multicast.
  ...['::', '::1', '::127.0.0.1', '::8.8.8.8', 'fc00::1', 'fdff::1', 'fe80::1', 'fe80::1%lo', 'fec0::1', 'ff02::1'],
  // Discard, Teredo, ORCHID, benchmarks, documentation, 6to4 of any address, segment routing, what is not given out.
  ...[
    '100::1',
    '2001::1',
    '2001:20::1',
    '2001:2::1',
    '2001:db8::1',
    '2002:808:808::1',
    '3fff::1',
    '5f00::1',
    '4000::1',
  ],
  // IPv4 in forms of IPv6: mapped, mapped in hexadecimal, translated, NAT64 of the network itself and of its own prefix.
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::FFFF:a9fe:a9fe', '::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1'],
  ...['64:ff9b::a9fe:a9fe', '64:ff9b::', '64:ff9b::1', '64:ff9b::a00:0', '64:ff9b:1::8.8.8.8', '64:ff9b::1:808:808'],
  // No addresses.
  ...['', 'localhost', '8.8.8', '8.8.8.8:80', '[::1]', '0x7f.1', '2130706433'],
])('%s is not public', address => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each([
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::ffff:a00:1', '10.0.0.1'],
  ['64:ff9b::a00:1', '10.0.0.1'],
  ['64:ff9b:0:0:0:0:0a00:0001', '10.0.0.1'],
  ['64:FF9B::0.0.0.1', '0.0.0.1'],
  ['64:ff9b::a00:0', '10.0.0.0'],
  ['64:ff9b:1::a00:1', '64:ff9b:1::a00:1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['8.8.8.8', '8.8.8.8'],
  ['2606:4700:0:0::1', '2606:4700::1'],
])('%s leads to %s', (address, target) => {
  expect(targetAddress(address)).toBe(target)
})
