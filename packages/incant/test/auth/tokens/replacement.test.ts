import { copyFileSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bearerAuth } from '../../../src/auth/strategies/bearer.ts'
import { tokenFile } from '../../../src/auth/tokens/token-file.ts'
import { eventually, served } from '../../node/_served.ts'
import { protect, WITH_CONTEXT } from '../_fixtures.ts'
import { temporaryFolder } from './_files.ts'

/** Sends one call and gives its status. */
function send(url: string, agent: Agent, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const call = request(`${url}/predict`, { method: 'POST', agent, headers }, response => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    call.on('error', reject).end('{}')
  })
}

/** Calls two hundred times a second, on a machine that has the time, until it is stopped with the statuses that came back. */
function startLoad(url: string, agent: Agent, token: string) {
  const calls: Promise<number>[] = []
  const timer = setInterval(() => calls.push(send(url, agent, token)), 5)
  const stop = (): Promise<number[]> => {
    clearInterval(timer)
    return Promise.all(calls)
  }
  return { stop, made: (count: number) => eventually(() => calls.length > count, 15_000) }
}

/** A folder as Kubernetes mounts a secret: the file is a link into a folder that is a link. */
function mountLikeKubernetes(folder: string, file: string): string {
  mkdirSync(join(folder, '..v1'))
  copyFileSync(file, join(folder, '..v1', 'tokens.json'))
  symlinkSync('..v1', join(folder, '..data'))
  symlinkSync(join('..data', 'tokens.json'), join(folder, 'tokens.json'))
  return join(folder, 'tokens.json')
}

function copyPlainly(folder: string, file: string): string {
  copyFileSync(file, join(folder, 'tokens.json'))
  return join(folder, 'tokens.json')
}

const WAYS = {
  rename(path: string, text: string) {
    writeFileSync(`${path}.new`, text, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  },
  'writing over it'(path: string, text: string) {
    writeFileSync(path, text)
  },
  'a turned link, as Kubernetes does it'(path: string, text: string) {
    const folder = join(path, '..')
    mkdirSync(join(folder, '..v2'))
    writeFileSync(join(folder, '..v2', 'tokens.json'), text, { mode: 0o600 })
    symlinkSync('..v2', join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  },
}

describe('the file is replaced under two hundred calls a second', () => {
  it.each(Object.entries(WAYS))(
    'by %s: no good caller is refused, and an ended token soon is',
    async (way, replace) => {
      const source = join(temporaryFolder(), 'source.json')
      const store = tokenFile(source)
      const [good, ended] = [await store.create(), await store.create()]
      const mount = way.includes('Kubernetes') ? mountLikeKubernetes : copyPlainly
      const path = mount(temporaryFolder(), source)
      await store.revoke({ id: ended.id })
      const added = await store.create()

      const predictor = protect(bearerAuth({ tokens: tokenFile(path) }))
      const { server, lines } = await served(predictor, { signature: WITH_CONTEXT })
      const agent = new Agent({ keepAlive: true })
      onTestFinished(() => agent.destroy())
      expect(await send(server.url, agent, ended.token)).toBe(200)
      expect(await send(server.url, agent, added.token)).toBe(401)

      const load = startLoad(server.url, agent, good.token)
      await load.made(40)
      replace(path, readFileSync(source, 'utf8'))
      const changed = async () => [
        await send(server.url, agent, ended.token),
        await send(server.url, agent, added.token),
      ]
      await expect.poll(changed).toEqual([401, 200])
      await load.made(100)
      const statuses = await load.stop()
      expect(statuses.length).toBeGreaterThan(100)
      expect([...new Set(statuses)]).toEqual([200])
      expect(lines.filter(({ level }) => level === 'error')).toEqual([])
    },
  )
})
