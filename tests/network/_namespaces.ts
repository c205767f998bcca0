import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)

/** The places of the network: both others have a wire to the server, and none to each other. */
export type Place = 'server' | 'insider' | 'outsider'

/** Three machines, as far as the network goes: `insider ── server ── outsider`. */
export interface Network {
  /** The command that runs another one in a place, and becomes it. */
  enter(place: Place): readonly string[]
}

/** The addresses, from the blocks that are kept for private networks and for documentation. */
export const ADDRESSES = {
  inside: { server: '10.81.0.1', insider: '10.81.0.2', proxy: '10.81.0.3', server6: 'fd81::1', insider6: 'fd81::2' },
  outside: { server: '203.0.113.1', outsider: '203.0.113.2', server6: '2001:db8:81::1', outsider6: '2001:db8:81::2' },
  /** An address of the inside that nobody has; the outsider claims it. */
  forged: '10.81.0.66',
} as const

/** Why this machine does not let us make a network. Undefined where it does. */
export function refusalOfMachine(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a matter of Linux'
  for (const [program, ...words] of [
    ['ip', '-Version'],
    ['unshare', '--net', 'ip', 'link', 'add', 'left', 'type', 'veth', 'peer', 'name', 'right'],
    ['unshare', '--net', 'ip', 'address', 'add', 'fd81::1/64', 'dev', 'lo'],
  ] as const) {
    const { error, status, stderr } = spawnSync(program, words, { encoding: 'utf8' })
    if (error !== undefined || status !== 0) return `${program} ${words[0]}: ${error?.message ?? stderr.trim()}`
  }
  return undefined
}

/**
 * Makes the network, for one test. The namespaces have no names: each lives as long as the process that holds it, which
 * ends with its standard input, so that nothing is left even where this process is killed.
 */
export async function makeNetwork(): Promise<Network> {
  const holders = { server: hold(), insider: hold(), outsider: hold() }
  onTestFinished(() => release(Object.values(holders)))
  for (const holder of Object.values(holders)) await begun(holder)
  // What runs there ends with this process, also where that is killed.
  const enter = (place: Place) =>
    ['setpriv', '--pdeathsig', 'KILL', 'nsenter', '--target', String(holders[place].pid), '--net', '--'] as const
  const ip = async (place: Place, words: string) => {
    const [program, ...rest] = [...enter(place), 'ip', ...words.split(' ')]
    await run(program, rest)
  }
  for (const place of ['insider', 'outsider'] as const) {
    await ip('server', `link add ${place} type veth peer name wire netns ${holders[place].pid}`)
  }
  for (const [place, words] of SETUP) await ip(place, words)
  return { enter }
}

const { inside, outside, forged } = ADDRESSES

const SETUP: readonly (readonly [Place, string])[] = [
  ...(['server', 'insider', 'outsider'] as const).map(place => [place, 'link set lo up'] as const),
  ['server', `address add ${inside.server}/24 dev insider`],
  ['server', `address add ${inside.server6}/64 dev insider nodad`],
  ['server', `address add ${outside.server}/24 dev outsider`],
  ['server', `address add ${outside.server6}/64 dev outsider nodad`],
  ['insider', `address add ${inside.insider}/24 dev wire`],
  ['insider', `address add ${inside.proxy}/24 dev wire`],
  ['insider', `address add ${inside.insider6}/64 dev wire nodad`],
  ['outsider', `address add ${outside.outsider}/24 dev wire`],
  ['outsider', `address add ${outside.outsider6}/64 dev wire nodad`],
  ['outsider', `address add ${forged}/32 dev wire`],
  ['server', 'link set insider up'],
  ['server', 'link set outsider up'],
  ['insider', 'link set wire up'],
  ['outsider', 'link set wire up'],
  // The outsider sends what is for the inside to the server, too.
  ['outsider', `route add 10.81.0.0/24 via ${outside.server}`],
  ['outsider', `-6 route add fd81::/64 via ${outside.server6}`],
]

function hold(): ChildProcess {
  return spawn('unshare', ['--net', '--', 'sh', '-c', 'echo; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function begun(holder: ChildProcess): Promise<void> {
  if (holder.stdout !== null) await once(holder.stdout, 'data')
}

async function release(holders: readonly ChildProcess[]): Promise<void> {
  for (const holder of holders) {
    if (holder.exitCode !== null) continue
    const end = once(holder, 'exit')
    holder.stdin?.end()
    await end
  }
}
