import { type ChildProcess, spawn } from 'node:child_process'
import { StartupError } from 'incant/internal/signature'
import { gather, passSignals } from '../program/child-output.ts'
import { printable } from '../terminal/text.ts'

/** What systemd knows of a service. */
export interface ServiceState {
  /** `active`, `inactive`, `activating`, `deactivating`, `failed`. */
  readonly active: string
  /** `running`, `dead`, `auto-restart` and others. */
  readonly sub: string
  /** Restarts after a crash, since it was last started. */
  readonly restarts: number
  /** Of the last run that ended. */
  readonly exitCode: number
  /** The file of the service. */
  readonly path: string
}

/** The `systemctl` and `journalctl` of this machine. */
export class Systemctl {
  /**
   * Runs `systemctl` to its end.
   *
   * @returns What it prints.
   * @throws {StartupError} `systemd_failed`, with what it says.
   */
  async run(...words: readonly string[]): Promise<string> {
    const child = start('systemctl', ['--no-ask-password', ...words], 'pipe')
    const [stdout, stderr, code] = await Promise.all([gather(child.stdout), gather(child.stderr), ended(child)])
    // A list of nothing is a 1, without a word.
    if (code === 0 || (words[0] === 'list-unit-files' && stderr === '')) return stdout
    throw new StartupError({
      code: 'systemd_failed',
      found: `systemctl: ${stderr.trim().split('\n').map(printable).join('\n') || 'it ended without a word'}`,
      instead: /denied|authentication/i.test(stderr)
        ? 'Run it as root.'
        : 'Check that systemd runs this machine: systemctl status',
    })
  }

  /** The state of a unit; undefined where there is none of this name. */
  async stateOf(unit: string): Promise<ServiceState | undefined> {
    const names = ['LoadState', 'ActiveState', 'SubState', 'NRestarts', 'ExecMainStatus', 'FragmentPath']
    const text = await this.run('show', unit, '--property', names.join(','))
    const read = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? ''
    if (read('LoadState') === 'not-found') return undefined
    return {
      active: read('ActiveState'),
      sub: read('SubState'),
      restarts: Number(read('NRestarts')),
      exitCode: Number(read('ExecMainStatus')),
      path: read('FragmentPath'),
    }
  }

  /** The names of the services that match a pattern, in order. */
  async namesOf(pattern: string): Promise<readonly string[]> {
    const text = await this.run('list-unit-files', pattern, '--no-legend', '--no-pager', '--plain')
    const names = text.split('\n').flatMap(line => /^(\S+)\.service\s/.exec(line)?.[1] ?? [])
    return names.sort()
  }

  /** Shows the log of a unit until it ends, or a signal comes. */
  async showLog(unit: string, words: readonly string[]): Promise<number> {
    const child = start('journalctl', ['--unit', unit, '--output', 'cat', '--no-pager', ...words], 'inherit')
    return passSignals(child, ended(child))
  }

  /** The last lines of the log of a unit; empty where it cannot be read. */
  async lastWords(unit: string): Promise<string> {
    const words = ['--unit', unit, '--output', 'cat', '--no-pager', '--lines', '20', '--quiet']
    const child = start('journalctl', [...words, '_TRANSPORT=stdout'], 'pipe')
    const [stdout] = await Promise.all([gather(child.stdout), gather(child.stderr), ended(child)])
    return stdout
  }
}

function start(program: string, words: readonly string[], output: 'pipe' | 'inherit'): ChildProcess {
  return spawn(program, words, { stdio: ['ignore', output, output] })
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('close', code => resolve(code ?? 1))
    child.once('error', cause =>
      reject(
        new StartupError({
          code: 'systemd_failed',
          found: `${child.spawnfile} cannot be started: ${cause.message}`,
          instead: 'A service needs systemd. Without it: incant serve, or a container.',
          cause,
        }),
      ),
    )
  })
}
