import { once } from 'node:events'
import { existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { serve } from '../../src/node/serve.ts'
import type { ServeOptions } from '../../src/node/serve-options.ts'
import { Echo, rememberingLogger, served } from './_served.ts'

function freePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'incant-socket-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'x.sock')
}

async function ask(socketPath: string, path: string, host = 'model.example'): Promise<number | undefined> {
  const asked = request({ socketPath, path, headers: { host } }).end()
  const [response] = await once(asked, 'response')
  response.resume()
  return response.statusCode
}

const start = (listen: string, options: ServeOptions = {}) =>
  serve(Echo, { listen, logger: rememberingLogger().logger, ...options })

it('a unix socket is served to owner and group, and removed at the end', async () => {
  const path = freePath()
  const { server } = await served(Echo, { listen: `unix:${path}` })
  expect([server.url, statSync(path).mode & 0o777]).toEqual([`unix:${path}`, 0o660])
  expect([await ask(path, '/livez'), await ask(path, '/metrics')]).toEqual([200, 404])
  await server.close()
  expect(existsSync(path)).toBe(false)
})

it('a socket that a process left behind is replaced', async () => {
  const path = freePath()
  const former = createServer().listen(path)
  await once(former, 'listening')
  await expect(start(`unix:${path}`)).rejects.toMatchObject({ code: 'port_in_use' })
  // What a process leaves that was killed: the file, and nobody who listens.
  rmSync(path)
  const dead = createServer().listen(`${path}.other`)
  await once(dead, 'listening')
  renameSync(`${path}.other`, path)
  await once(dead.close(), 'close')
  expect(statSync(path).isSocket()).toBe(true)
  const { server } = await served(Echo, { listen: `unix:${path}` })
  expect(await ask(path, '/ready')).toBe(200)
  await server.close()
  former.close()
})

it('another file is left alone', async () => {
  const path = freePath()
  writeFileSync(path, 'mine')
  await expect(start(`unix:${path}`)).rejects.toMatchObject({
    code: 'port_in_use',
    message: expect.stringContaining('is there, and is no socket'),
  })
  expect(existsSync(path)).toBe(true)
})

it('is not for a private server, whose callers have addresses', async () => {
  const options: ServeOptions = { visibility: 'private', allow: ['10.0.0.0/8'], insecureHttp: true }
  await expect(start(`unix:${freePath()}`, options)).rejects.toMatchObject({ code: 'invalid_option' })
})

it('listen also takes a host and a port', async () => {
  const { server } = await served(Echo, { listen: '127.0.0.1:0' })
  expect((await fetch(`${server.url}/livez`)).status).toBe(200)
  await expect(start('8000')).rejects.toMatchObject({ code: 'invalid_option' })
})
