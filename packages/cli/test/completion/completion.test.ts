// @module-tag slow
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bashScript } from '../../src/completion/bash.ts'
import { fishScript } from '../../src/completion/fish.ts'
import { zshScript } from '../../src/completion/zsh.ts'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

// `.ci/run completion` installs both and fails where one is missing.
const MUST_HAVE = process.env['INCANT_TEST_SHELLS'] !== undefined
const has = (shell: string): boolean => MUST_HAVE || existsSync(`/usr/bin/${shell}`)

/** A folder with a predictor and a folder in it, and the script of a shell. */
function prepare(script: string): string {
  return temporaryFolder({ 'predictor.ts': '', 'server.env': '', script })
}

/** Words, the last one half written, and what they are completed to. */
const CASES: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['ser'], ['serve', 'server']],
  [['to'], ['token', 'top']],
  [['serve', '--log-l'], ['--log-level']],
  [['serve', '--log-level', 'de'], ['debug']],
  [
    ['serve', '--log-format', ''],
    ['auto', 'json', 'pretty'],
  ],
  [['serve', '--workers', 'a'], ['auto']],
  [['serve', '--no-op'], ['--no-openapi']],
  [['serve', '--env', 'serv'], ['server.env']],
  [['serve', 'pred'], ['predictor.ts']],
  [['inspect', '--js'], ['--json']],
  [['token', 'ro'], ['rotate']],
  [['token', 'create', '--sc'], ['--scopes']],
  [['token', 'create', '--gr'], []],
  [['cert', 'd'], ['dev']],
  [['cert', 'dev', '--cl'], ['--client']],
  [
    ['manifest', '--fo'],
    ['--for', '--forwarding-header'],
  ],
  [['manifest', '--for', 'kn'], ['knative']],
  [['server', 'roll'], ['rollback']],
  [['server', 'logs', '--fo'], ['--follow']],
  [['completion', 'z'], ['zsh']],
  [
    ['top', '--tok'],
    ['--token-env', '--token-file'],
  ],
]

describe('bash', () => {
  /** As readline does it: the function first, the names of files where it has no reply. */
  const complete = (words: readonly string[]): readonly string[] => {
    const cwd = prepare(bashScript())
    const ask = `source ./script; COMP_WORDS=(incant "$@"); COMP_CWORD=$#
      _incant || true
      [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const output = execFileSync('bash', ['--noprofile', '--norc', '-c', ask, 'bash', ...words], {
      cwd,
      encoding: 'utf8',
    })
    return output.split('\n').filter(line => line !== '')
  }

  it.each(CASES)('completes %j to %j', (words, completed) => {
    expect([...complete(words)].sort()).toEqual(completed)
  })

  it('completes a value behind an equals sign', () => {
    expect(complete(['serve', '--log-level', '=', 'wa'])).toEqual(['warn'])
    expect(complete(['serve', '--log-format', '='])).toEqual(['auto', 'json', 'pretty'])
  })

  it('gives -p the same as --port, and says nothing on standard error', () => {
    const cwd = prepare(bashScript())
    const ask =
      'source ./script; COMP_WORDS=(incant serve -p ""); COMP_CWORD=3; _incant; printf %s "$COMPREPLY" | wc -c'
    const { stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-c', ask], { cwd, encoding: 'utf8' })
    expect([stdout, stderr]).toEqual(['0\n', ''])
  })
})

describe.runIf(has('fish'))('fish', () => {
  it.each(CASES)('completes %j to %j', (words, completed) => {
    const cwd = prepare(fishScript())
    const line = ['incant', ...words].join(' ')
    const ask = `source ./script; complete -C ${JSON.stringify(line)}`
    const env = { ...process.env, HOME: cwd, XDG_CONFIG_HOME: cwd, XDG_DATA_HOME: cwd }
    const output = execFileSync('fish', ['--no-config', '-c', ask], { cwd, env, encoding: 'utf8' })
    const found = output.split('\n').flatMap(row => (row === '' ? [] : [row.split('\t')[0]]))
    expect(found.sort()).toEqual(completed)
  })
})

describe.runIf(has('zsh'))('zsh', () => {
  /** In a terminal, as a person presses Tab: the words that are offered. */
  const complete = (words: readonly string[]): readonly string[] => {
    const cwd = prepare(zshScript())
    writeFileSync(join(cwd, 'ask.zsh'), ASK_ZSH)
    const output = execFileSync('zsh', ['-f', 'ask.zsh', ['incant', ...words].join(' ')], { cwd, encoding: 'utf8' })
    return output.split('\n').flatMap(line => /^offered (.*?)\r?$/.exec(line)?.[1] ?? [])
  }

  // zsh reads keys that a terminal may deliver late.
  it.each(CASES)('completes %j to %j', { retry: 3 }, (words, completed) => {
    expect([...new Set(complete(words))].sort()).toEqual(completed)
  })
})

/** Presses Tab in an interactive shell of its own whose completion writes each word that it would offer. */
const ASK_ZSH = `
zmodload zsh/zpty
zpty asked zsh -f -i
wait_for() { local line; while zpty -r asked line "*$1*"; do [[ $line == *$1* ]] && break; done; print -r -- "$line" }
zpty -w asked 'PS1=; PS2=; unsetopt beep; zstyle ":completion:*" list-rows-first yes'
zpty -w asked 'autoload -Uz compinit && compinit -u -D; source ./script'
zpty -w asked 'offer() { compadd() { builtin compadd "$@"; local status_=$?; local -a words_; builtin compadd -O words_ "$@"; local w_; for w_ in $words_; do print -r -- "offered $w_" >>offers; done; return $status_ } }; offer'
zpty -w asked 'bindkey "^I" complete-word; print -r -- rea""dy'
wait_for ready >/dev/null
zpty -w -n asked "$1"$'\\t'
zpty -w -n asked $'\\C-u'
zpty -w asked 'print -r -- do""ne'
wait_for done >/dev/null
zpty -d asked
[[ -f offers ]] && cat offers
true
`

describe('incant completion', () => {
  it.each([
    ['bash', bashScript()],
    ['zsh', zshScript()],
    ['fish', fishScript()],
  ])('prints the script of %s', async (shell, script) => {
    const ending = await runIncant(['completion', shell], { cwd: temporaryFolder() })
    expect(ending).toEqual({ code: 0, stdout: script, stderr: '' })
  })

  it.each([[[]], [['tcsh']], [['bash', 'zsh']]])('refuses %j', async words => {
    const { code, stdout, stderr } = await runIncant(['completion', ...words], { cwd: temporaryFolder() })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^error\[missing_argument\]: incant completion takes the name of a shell: bash, zsh, fish\n {2}fix: Write: eval "\$\(incant completion bash\)"\n/,
    )
  })
})
