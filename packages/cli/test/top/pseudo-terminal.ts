import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

const INCANT = fileURLToPath(new URL('../../bin/incant.js', import.meta.url))

/** The program that runs another in a pseudo-terminal, as util-linux has it; its namesakes take other arguments. */
export const HAS_SCRIPT: boolean = process.platform === 'linux' && existsSync('/usr/bin/script')

/** A command in a pseudo-terminal of its own. */
export class PseudoTerminal {
  /** Everything that was written to it, as it was written. */
  output = ''
  /** How it ended: with its code, or 128 and a signal. */
  readonly ended: Promise<number>
  readonly #child: ChildProcess
  readonly #folder: string

  /** Runs `incant` with these words; what comes after it runs in the same terminal. */
  constructor(words: readonly string[], { columns = 80, rows = 24, env = {} } = {}) {
    this.#folder = temporaryFolder()
    // One shell tells which terminal it is and stays for a look at it afterwards, one tells which process the command is.
    const inner = 'echo $$ >pid; exec "$0" "$@"'
    const outer = `stty cols ${columns} rows ${rows}; tty >tty; bash -c '${inner}' "$@"; code=$?; stty -a >after; exit $code`
    const line = ['bash', '-c', outer, 'bash', process.execPath, INCANT, ...words]
    const command = line.map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
    this.#child = spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
      cwd: this.#folder,
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
    })
    onTestFinished(() => void this.#child.kill('SIGKILL'))
    this.#child.stdout?.on('data', chunk => {
      this.output += chunk
    })
    this.ended = once(this.#child, 'close').then(([code]) => Number(code))
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys)
  }

  resize(columns: number, rows: number): void {
    execFileSync('stty', ['-F', this.#read('tty'), 'cols', String(columns), 'rows', String(rows)])
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(Number(this.#read('pid')), signal)
  }

  /** The modes of the terminal after the command, as `stty -a` names them. */
  get modes(): readonly string[] {
    return this.#read('after').split(/[\s;]+/)
  }

  /** The lines of the last whole picture. */
  get picture(): readonly string[] {
    const pictures = this.output.split('\u001b[H').filter(part => part.includes('\u001b[J'))
    return (pictures.at(-1)?.split('\u001b[J')[0] ?? '').split('\r\n').map(line => line.replace('\u001b[K', ''))
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8').trim()
  }
}
