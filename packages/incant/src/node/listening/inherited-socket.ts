import { readFileSync, readlinkSync } from 'node:fs'
import { StartupError } from '../../errors/startup-error.ts'
import type { ListenAddress } from './listen.ts'

/** The first descriptor that a service manager hands over (sd_listen_fds(3)). */
const FIRST = 3

/**
 * The socket that systemd has opened for this process, by `LISTEN_PID` and `LISTEN_FDS`. The variables are removed, since
 * they are meant for no process that this one starts. Undefined: there is none.
 *
 * @throws {StartupError} `invalid_option`, where it hands over several.
 */
export function takeInheritedSocket(environment: NodeJS.ProcessEnv): ListenAddress | undefined {
  const { LISTEN_PID: pid, LISTEN_FDS: count } = environment
  if (pid !== String(process.pid) || count === undefined) return undefined
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete environment[name]
  if (count !== '1') throw severalSockets(count)
  return { ...addressOf(FIRST), fd: FIRST }
}

/**
 * The address of a socket, which decides on access. It comes from the kernel; Node reads it only once it has taken the
 * socket over.
 */
function addressOf(descriptor: number): ListenAddress {
  const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${descriptor}`))?.[1]
  for (const [table, length] of TABLES) {
    const row = readRows(table).find(columns => columns[9] === inode)
    const [address = '', port = ''] = row?.[1]?.split(':') ?? []
    if (address.length === length) return { host: readHost(address), port: Number.parseInt(port, 16) }
  }
  const path = readRows('unix').find(columns => columns[6] === inode)?.[7]
  return path === undefined ? ANYWHERE : { host: 'localhost', port: 0, path }
}

/** Tables of the kernel (proc(5)), and the hexadecimal digits that an address has in each. */
const TABLES = [
  ['tcp', 8],
  ['tcp6', 32],
] as const

/** The cautious answer where the kernel has none. */
const ANYWHERE: ListenAddress = { host: '::', port: 0 }

// Below /proc/self, since a service with ProcSubset=pid sees nothing else of /proc.
function readRows(table: string): readonly (readonly string[])[] {
  const lines = readFileSync(`/proc/self/net/${table}`, 'latin1').trim().split('\n').slice(1)
  return lines.map(line => line.trim().split(/\s+/))
}

/** Words of 32 bits, each in the order of this machine's bytes. */
function readHost(digits: string): string {
  const words = digits.match(/.{8}/g) ?? []
  const bytes = words.flatMap(word => [...Buffer.from(word, 'hex')].reverse())
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) =>
    Buffer.from(bytes)
      .readUInt16BE(2 * index)
      .toString(16),
  )
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function severalSockets(count: string): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: `the service manager hands over ${count} sockets`,
    instead: 'Name one ListenStream in the socket unit: a server takes one.',
  })
}
