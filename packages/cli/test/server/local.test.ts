import { expect, test } from 'vitest'
import { runServerCommand } from '../../src/commands/server.ts'
import { addressOf } from '../../src/server/local-state.ts'
import { type Installation, readInstalled, writeInstalled } from '../../src/systemd/installed.ts'
import { temporaryFolder } from '../temporary-folder.ts'

// What needs systemd is in tests/systemd.

test.each([
  ['scale words --local --min-pods 2', 'invalid_option', 'incant server update NAME --local -- --workers 4'],
  ['grafana --local', 'invalid_option', 'incant server grafana'],
  ['update words --local', 'missing_argument', 'incant server update words BUNDLE --local'],
  ['stop words --local -- --workers 2', 'invalid_option', 'incant server update NAME --local -- SETTINGS'],
  ['status words --local --namespace models', 'unknown_option', 'incant server status'],
  ['status --local', 'missing_argument', 'incant server status NAME --local'],
  ['stop words other --local', 'invalid_option', 'incant server stop NAME --local'],
])('incant server %s is refused before systemd is asked', async (line, code, advice) => {
  const refused = runServerCommand(line.split(' '))
  await expect(refused).rejects.toMatchObject({ code, instead: expect.stringContaining(advice) })
})

const ONE: Installation = {
  target: ['/srv/a b'],
  listen: '127.0.0.1:8000',
  settings: ['--public-url', 'https://a/%41'],
}

test('a service says how it was installed, and before', () => {
  const previous = { ...ONE, target: ['words:v1', '/srv/old.ts'], environmentFile: '/etc/words.env' }
  for (const installed of [{ current: ONE, previous }, { current: ONE }])
    expect(readInstalled('words', ['[Service]', ...writeInstalled(installed)].join('\n'))).toEqual(installed)
})

test.each(['', '[X-Incant]\nCurrent={"target":3}', '[X-Incant]\nCurrent={', '[Service]\nCurrent={}'])(
  'a service without that, %j, is to be installed anew',
  unit => {
    expect(() => readInstalled('words', unit)).toThrow(expect.objectContaining({ code: 'systemd_failed' }))
  },
)

test.each([
  ['0.0.0.0:8000', [], '', { address: '127.0.0.1', port: 8000, tls: false }],
  ['[::]:443', ['--tls-cert', 'c.pem'], '', { address: '::1', port: 443, tls: true }],
  ['10.0.0.5:80', [], 'A=1\nINCANT_TLS_CERT=c.pem\n', { address: '10.0.0.5', port: 80, tls: true }],
])('a server that listens at %s with %j is reached', (listen, settings, variables, expected) => {
  const folder = temporaryFolder({ 'words.env': variables })
  const current = { ...ONE, listen, settings, environmentFile: `${folder}/words.env` }
  const service = { active: 'active', sub: 'running', restarts: 0, exitCode: 0, path: '' }
  expect(addressOf({ name: 'words', service, installed: { current } })).toMatchObject(expected)
})
