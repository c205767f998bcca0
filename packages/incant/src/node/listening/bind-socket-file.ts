import { chmodSync, lstatSync, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { StartupError } from '../../errors/startup-error.ts'

/** The owner and the group may connect, as a proxy in the group does. */
const MODE = 0o660

/**
 * Binds a server to a unix socket. A socket that a process has left behind is replaced; Node removes this one when the
 * server is closed.
 *
 * @throws {StartupError} `port_in_use`, where another process listens there, or the path is another file.
 */
export async function bindSocketFile(server: Server, path: string): Promise<void> {
  await removeDead(path)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  chmodSync(path, MODE)
}

async function removeDead(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw inUse(`${path} is there, and is no socket`, 'Name another path, or remove that file.')
  if (await isListening(path))
    throw inUse(`another process listens at ${path}`, 'Stop that process, or name another path.')
  unlinkSync(path)
}

function isListening(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ path })
    socket.once('connect', () => resolve(true)).once('connect', () => socket.destroy())
    // No server listens there any more. A socket of another user, which refuses the attempt, is left alone.
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'))
  })
}

function inUse(found: string, instead: string): StartupError {
  return new StartupError({ code: 'port_in_use', found, instead })
}
