import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type ListenOptions, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { takeInheritedSocket } from '../../src/node/listening/inherited-socket.ts'
import { talk } from './_raw-connection.ts'

const FIXTURE = fileURLToPath(new URL('./fixtures/server.js', import.meta.url))

/** A shell becomes a server: the socket is descriptor 3, and the variables name the process. */
const SERVE = `LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=incant exec "${process.execPath}" "${FIXTURE}"`

const PATIENCE = { timeout: 30_000 }

/** Starts a server as systemd does, and returns its URL. */
async function activate(socket: Server, command = SERVE): Promise<string> {
  const [message] = await once(spawnWith(socket, command), 'message')
  return (message as { readonly url: string }).url
}

function spawnWith(socket: Server, command: string, options: object = { drainDelay: 0 }): ChildProcess {
  const env = { ...process.env, SETUP: 'works', OPTIONS: JSON.stringify({ logFormat: 'json', port: 1, ...options }) }
  // The descriptor of a server is in no types.
  const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle
  const child = spawn('sh', ['-c', command], { env, stdio: ['ignore', 'pipe', 'inherit', fd, 'ipc'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  child.stdout?.resume()
  return child
}

/** Opens a socket as systemd does for `ListenStream=`. */
async function open(address: ListenOptions): Promise<Server> {
  const socket = createServer().listen(address)
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
  return socket
}

it.each(['127.0.0.1', '::1'])(
  'a socket on %s that systemd hands over is served, whatever the port says',
  { tags: ['slow'] },
  async host => {
    const socket = await open({ host, port: 0 })
    const url = await activate(socket)
    const address = socket.address()
    // systemd accepts nothing itself; this process would take every other connection.
    socket.close()
    const { port } = typeof address === 'object' && address !== null ? address : {}
    expect(url).toBe(`http://${host === '::1' ? '[::1]' : host}:${port}`)
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    // It listens on loopback, so that it answers no other name.
    const other = await talk(url, 'GET /livez HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    expect(other.status).toBe(404)
  },
)

it('a unix socket that systemd hands over is served under any name', { tags: ['slow'] }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'incant-inherited-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'x.sock')
  const socket = await open({ path })
  expect(await activate(socket)).toBe(`unix:${path}`)
  // As above; Node would remove the file, too.
  renameSync(path, `${path}.kept`)
  socket.close()
  renameSync(`${path}.kept`, path)
  for (const target of ['/livez', '/predict']) {
    const asked = request({ socketPath: path, path: target, method: 'GET', headers: { host: 'model.example' } }).end()
    const [response] = await once(asked, 'response')
    response.resume()
    expect(response.statusCode).toBe(target === '/livez' ? 200 : 405)
  }
})

it('calls wait in it until setup is done, also for the next process', { tags: ['slow'] }, async () => {
  const socket = await open({ host: '127.0.0.1', port: 0 })
  // The shell keeps the socket open between the two, as systemd does, and accepts nothing.
  const url = await activate(socket, `SETUP=throws sh -c '${SERVE}'; ${SERVE}`)
  socket.close()
  const answer = await fetch(`${url}/predict`, { method: 'POST', body: '{}' })
  expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 200, body: 'done' })
})

it('a server that drains takes no call from it: they wait for the next process', { tags: ['slow'] }, async () => {
  const socket = await open({ host: '127.0.0.1', port: 0 })
  const child = spawnWith(socket, `sh -c '${SERVE}'; ${SERVE}`, { drainDelay: 600_000 })
  const messages: unknown[] = []
  let log = ''
  child.on('message', message => messages.push(message))
  child.stdout?.on('data', chunk => {
    log += String(chunk)
  })
  await expect.poll(() => messages, PATIENCE).toContain('ready')
  socket.close()
  const [{ url }] = messages as [{ readonly url: string }]
  const first = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'))
  process.kill(first, 'SIGTERM')
  await expect.poll(() => log, PATIENCE).toContain('"stopping"')
  const answer = fetch(`${url}/predict`, { method: 'POST', body: '{}' })
  process.kill(first, 'SIGKILL')
  expect((await answer).status).toBe(200)
  expect(messages).toEqual([{ url }, 'ready', { url }, 'ready', 'begun'])
})

it('is taken by the process alone that it is meant for', () => {
  expect(takeInheritedSocket({ LISTEN_PID: '1', LISTEN_FDS: '1' })).toBeUndefined()
  expect(takeInheritedSocket({ LISTEN_FDS: '1' })).toBeUndefined()
  const several = { LISTEN_PID: String(process.pid), LISTEN_FDS: '2' }
  expect(() => takeInheritedSocket(several)).toThrow('hands over 2 sockets')
})
