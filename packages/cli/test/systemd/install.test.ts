import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runInstallCommand } from '../../src/commands/install.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** The units of the server `words`, and their folder. */
function install(...words: readonly string[]) {
  const folder = temporaryFolder({ 'a b/predictor.ts': '', 'words.env': '' })
  const own = ['words', join(folder, 'a b/predictor.ts'), '--out', folder]
  expect(runInstallCommand([...own, ...words.map(word => word.replace('FOLDER', folder))])).toBe(0)
  const read = (kind: string) => readFileSync(join(folder, `incant-words.${kind}`), 'utf8')
  return { folder, service: read('service'), socket: read('socket') }
}

const HAS_SYSTEMD = existsSync('/usr/bin/systemd-analyze')

test('the service runs the command itself, with settings, and waits as long as a shutdown may take', () => {
  const { folder, service, socket } = install(
    '--env-file',
    'FOLDER/words.env',
    '--listen',
    '0.0.0.0:443',
    '--',
    '--workers',
    '2',
    '--grace-period',
    '1m',
  )
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(service) ?? []
  expect(command.startsWith(process.execPath)).toBe(true)
  expect(command).toMatch(/bin\/incant\.js serve "[^"]*a b\/predictor\.ts" --workers 2 --grace-period 1m$/)
  expect(service).toContain('\nTimeoutStopSec=75\n')
  expect(service).toContain(`\nEnvironmentFile=${folder}/words.env\n`)
  expect(service).toContain('\nRequires=incant-words.socket\n')
  expect(socket).toContain('\nListenStream=0.0.0.0:443\n')
})

test('percent and dollar signs of a setting reach the server as they are', () => {
  const { service } = install('--', '--public-url', 'https://a.example/%41$x')
  expect(service).toContain('"https://a.example/%%41$$x"')
})

test.runIf(HAS_SYSTEMD)('systemd finds nothing wrong with them', { tags: ['slow'] }, () => {
  const { folder } = install()
  const files = ['socket', 'service'].map(kind => join(folder, `incant-words.${kind}`))
  expect(execFileSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8', stdio: 'pipe' })).toBe(
    '',
  )
})

test.runIf(HAS_SYSTEMD)('systemd rates the exposure of the service at 2.0 or less', { tags: ['slow'] }, () => {
  const { folder } = install()
  const words = ['security', '--offline=true', '--threshold=20', '--no-pager', join(folder, 'incant-words.service')]
  const report = execFileSync('systemd-analyze', words, { encoding: 'utf8', stdio: 'pipe' })
  expect(report).toMatch(/Overall exposure level for incant-words\.service: [01]\.\d/)
})

test.each([
  [['words'], 'missing_argument', 'no predictor file'],
  [[], 'missing_argument', 'no name was given'],
  [['Words', 'p.ts'], 'invalid_option', '"Words" is no name'],
  [['words', 'PREDICTOR', '--listen', 'here'], 'invalid_option', '--listen is "here"'],
  [['words', 'PREDICTOR', '--', '--port', '1'], 'invalid_option', 'or an address'],
  [['words', 'PREDICTOR', '--', '--wrokers', '1'], 'unknown_option', '--workers'],
  [['words', 'PREDICTOR', '--env-file', 'missing.env'], 'file_not_found', 'missing.env'],
])('%j is refused before anything is written', (words, code, says) => {
  const folder = temporaryFolder({ 'predictor.ts': '' })
  const own = words.map(word => (word === 'PREDICTOR' ? join(folder, 'predictor.ts') : word))
  const divider = own.indexOf('--')
  const place = ['--out', join(folder, 'units')]
  const all = divider < 0 ? [...own, ...place] : [...own.slice(0, divider), ...place, ...own.slice(divider)]
  expect(() => runInstallCommand(all)).toThrow(expect.objectContaining({ code }))
  expect(() => runInstallCommand(all)).toThrow(expect.objectContaining({ message: expect.stringContaining(says) }))
  expect(existsSync(join(folder, 'units'))).toBe(false)
})
