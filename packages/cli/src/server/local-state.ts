import { readFileSync } from 'node:fs'
import type { LocalServer } from '../systemd/service.ts'
import { type Call, call } from './call.ts'

/** The state of a server of this machine in a word. */
export type LocalState = 'stopped' | 'ready' | 'starting' | 'crashing' | 'failed'

/** Where a server listens, as this machine reaches it. */
export function addressOf({ installed: { current } }: LocalServer): Pick<Call, 'address' | 'port' | 'tls' | 'host'> {
  const [, bound = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(current.listen) ?? []
  const address = { '0.0.0.0': '127.0.0.1', '::': '::1' }[bound] ?? bound
  const variables = current.environmentFile === undefined ? '' : readText(current.environmentFile)
  const tls = current.settings.some(word => word.startsWith('--tls-cert')) || /^INCANT_TLS_CERT=/m.test(variables)
  return { address, port: Number(port), tls, host: 'localhost' }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The state of a server: systemd's, and whether it takes calls. A private one is a 404 to this machine once it answers. */
export async function localStateOf(server: LocalServer): Promise<LocalState> {
  const { active, sub } = server.service
  if (sub === 'auto-restart') return 'crashing'
  if (active === 'failed') return 'failed'
  if (active === 'inactive' || active === 'deactivating') return 'stopped'
  const status = await statusOfReady(server)
  return status === 200 || status === 404 ? 'ready' : 'starting'
}

/** Nobody answers before the server listens: the socket keeps the question. In milliseconds. */
const PATIENCE = 1000

async function statusOfReady(server: LocalServer): Promise<number> {
  try {
    return (await call({ ...addressOf(server), method: 'GET', path: '/ready', timeout: PATIENCE })).status
  } catch {
    return 0
  }
}
