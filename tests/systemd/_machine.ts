import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** How a program ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const SCRIPT = fileURLToPath(new URL('machine.sh', import.meta.url))

/** A machine with systemd, which ends with this process. */
export class Machine {
  readonly #child: ChildProcess
  #pid = 0

  /** @param folder - What it has as `/srv`. */
  constructor(folder: string) {
    const spaces = ['--mount', '--pid', '--net', '--cgroup', '--uts', '--ipc']
    const words = ['--pdeathsig', 'KILL', 'unshare', ...spaces, '--fork', '--kill-child', SCRIPT, folder]
    this.#child = spawn('setpriv', words, { stdio: ['ignore', 'ignore', 'inherit'] })
  }

  /** Waits until systemd has started what it starts. */
  async started(): Promise<void> {
    while (this.#child.exitCode === null) {
      if (this.#pid === 0) this.#pid = firstChildOf(this.#child)
      const { stdout } = await this.run('systemctl', 'is-active', 'basic.target')
      if (stdout.trim() === 'active') return
      await sleep(200)
    }
    throw new Error('the machine does not start')
  }

  /** Runs a program on it. */
  run(program: string, ...words: readonly string[]): Promise<Ended> {
    const [enter = '', ...rest] = [...this.enter(), program, ...words]
    return new Promise(resolve => {
      execFile(enter, rest, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, stdout, stderr })
      })
    })
  }

  /** The command that runs another one on it. */
  enter(): readonly string[] {
    const spaces = ['--mount', '--pid', '--net', '--cgroup', '--uts', '--ipc']
    return ['setpriv', '--pdeathsig', 'KILL', 'nsenter', '--target', String(this.#pid), ...spaces, '--wd=/', '--']
  }

  /** Ends it, and everything on it. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await once(this.#child, 'close')
  }
}

function firstChildOf({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
}
