// @module-tag slow
import { describe, expect, it, vi } from 'vitest'
import { showRounds } from '../../../incant/test/readings/shown.ts'
import { serveMetrics } from './metrics-server.ts'
import { HAS_SCRIPT, PseudoTerminal } from './pseudo-terminal.ts'

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'

/** Waits for what is to be seen, however long a busy machine takes. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 50 })

async function watch(options: { columns?: number; rows?: number; env?: Record<string, string> } = {}) {
  const server = await serveMetrics()
  const terminal = new PseudoTerminal(['top', server.url, '--interval', '100ms'], options)
  await until(() => expect(terminal.picture).toContainEqual(expect.stringContaining('5xx')))
  return { server, terminal }
}

function expectRestored(terminal: PseudoTerminal): void {
  expect(terminal.output.startsWith(ENTER)).toBe(true)
  expect(terminal.output.split(LEAVE)).toHaveLength(2)
  expect(terminal.modes).toContain('icanon')
  expect(terminal.modes).toContain('echo')
}

describe.runIf(HAS_SCRIPT)('incant top in a terminal', () => {
  it.each([
    ['q', 'q'],
    ['Ctrl-C', '\u0003'],
  ])('shows one picture after another until %s, and gives the terminal back', async (_, key) => {
    const { server, terminal } = await watch()
    expect(terminal.picture).toHaveLength(24)
    expect(terminal.picture[0]).toContain(server.url)
    expect(terminal.picture[0]).toContain('\u001b[')
    const before = server.requests.length
    await until(() => expect(server.requests.length).toBeGreaterThan(before + 1))
    terminal.type(key)
    expect(await terminal.ended).toBe(0)
    expectRestored(terminal)
    expect(terminal.output.endsWith(LEAVE)).toBe(true)
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('gives the terminal back at %s', async (signal, code) => {
    const { terminal } = await watch()
    terminal.kill(signal)
    expect(await terminal.ended).toBe(code)
    expectRestored(terminal)
  })

  it('gives the terminal back before what went wrong is printed', async () => {
    const trap = "process.on('SIGUSR2', () => { throw new Error('a defect') })"
    const { terminal } = await watch({
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(trap)}` },
    })
    terminal.kill('SIGUSR2')
    expect(await terminal.ended).toBe(1)
    expectRestored(terminal)
    expect(terminal.output.split(LEAVE)[1]).toContain('Error: a defect')
  })

  it('draws anew when the window changes', async () => {
    const { terminal } = await watch()
    terminal.resize(100, 12)
    await until(() => expect(terminal.picture).toHaveLength(12))
    terminal.resize(100, 40)
    await until(() => expect(terminal.picture.join('\n')).toContain('tokens per second'))
    terminal.type('q')
    expect(await terminal.ended).toBe(0)
  })

  it('has no colours where NO_COLOR is set', async () => {
    const { terminal } = await watch({ env: { NO_COLOR: '1' } })
    terminal.type('q')
    await terminal.ended
    for (const code of [1, 2, 31, 32, 33, 39]) expect(terminal.output).not.toContain(`\u001b[${code}m`)
  })

  it('shows a server that has gone, and that it is back', async () => {
    const { server, terminal } = await watch({ env: { NO_COLOR: '1' } })
    await server.stop()
    await until(() => expect(terminal.picture[1]).toMatch(/^gone {2}the server cannot be reached: .*; trying again/))
    expect(terminal.picture.join('\n')).toContain('requests/s')
    await serveMetrics({ port: Number(new URL(server.url).port) })
    await until(() => expect(terminal.picture[1]).toMatch(/^ready/))
    terminal.type('q')
    expect(await terminal.ended).toBe(0)
  })

  it('shows no control character of the server', async () => {
    const { server, terminal } = await watch({ env: { NO_COLOR: '1' } })
    server.show(round => ({ text: showRounds(round).replace('model="words"', 'model="\u001b]0;owned\u0007"') }))
    await until(() => expect(terminal.picture[0]).toContain('?]0;owned?'))
    terminal.type('q')
    await terminal.ended
    expect(terminal.output).not.toContain('\u0007')
    expect(terminal.output).not.toContain('\u001b]')
  })

  it('prints a plain report where the terminal can do no more', async () => {
    const server = await serveMetrics()
    const terminal = new PseudoTerminal(['top', server.url, '--interval', '100ms'], { env: { TERM: 'dumb' } })
    expect(await terminal.ended).toBe(0)
    expect(terminal.output).toContain('requests/s')
    expect(terminal.output).not.toContain('\u001b')
  })

  it('says on the screen that stays why it never began', async () => {
    const server = await serveMetrics({ answer: () => ({ status: 404, text: '' }) })
    const terminal = new PseudoTerminal(['top', server.url])
    expect(await terminal.ended).toBe(1)
    expect(terminal.output).toContain('the server shows no metrics here (404)')
    // Colours alone: the picture, which takes the whole screen, was never begun.
    const sequences = terminal.output.split('\u001b').slice(1)
    expect(sequences.filter(sequence => !/^\[[\d;]*m/.test(sequence))).toEqual([])
  })
})
