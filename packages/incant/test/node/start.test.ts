import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { describeExposure } from '../../src/node/listening/exposure.ts'
import { checkRuntime } from '../../src/node/runtime-check.ts'
import { serve } from '../../src/node/serve.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { codeOf, Echo, rememberingLogger, served } from './_served.ts'

describe('serve does not start', () => {
  it('on a port that is in use', async () => {
    const { server } = await served()
    const port = Number(new URL(server.url).port)
    await expect(serve(Echo, { port, logger: rememberingLogger().logger })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(`port ${port} on 127.0.0.1 is in use by another process`),
    })
  })

  it.each(['192.0.2.1', 'no-such-host.invalid'])('on %s, which is no address of this machine', async host => {
    await expect(serve(Echo, { port: 0, host, logger: rememberingLogger().logger })).rejects.toMatchObject({
      code: 'address_unavailable',
      message: expect.stringContaining(`the host "${host}" is not an address of this machine`),
    })
  })

  it('where it may not listen', async () => {
    const denied = Object.assign(new Error('listen EACCES'), { code: 'EACCES' })
    const server = createServer()
    server.listen = () => {
      queueMicrotask(() => server.emit('error', denied))
      return server
    }
    const { listen } = await import('../../src/node/listening/listen.ts')
    await expect(listen(server, { host: '127.0.0.1', port: 80 })).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('this user is not allowed to listen on port 80'),
    })
  })

  it.each([
    [{ prot: 1 }, 'unknown_option', 'there is no option "prot"'],
    [{ port: 70_000 }, 'invalid_option', 'the option "port" is 70000'],
    [{ maxBodySize: '10 apples' }, 'invalid_option', 'the option "maxBodySize" is "10 apples"'],
  ])('with %o', async (options, code, message) => {
    // What a program without types may pass.
    await expect(serve(Echo, options as object)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  it('with a class that is no predictor, and frees the port', async () => {
    const { server } = await served()
    const port = Number(new URL(server.url).port)
    await server.close()
    // What a program without types may pass.
    const notOne = class {} as unknown as typeof Echo
    await expect(serve(notOne, { port, logger: rememberingLogger().logger })).rejects.toMatchObject({
      code: 'no_predictor',
    })
    const again = await serve(Echo, { port, logger: rememberingLogger().logger })
    await again.close()
  })

  it('when setup throws: ready says so', async () => {
    class Broken extends BasePredictor {
      override setup(): void {
        throw new Error('no weights')
      }
      predict(): void {}
    }
    const server = await serve(Broken, { port: 0, logger: rememberingLogger().logger })
    await expect(server.ready).rejects.toMatchObject({
      code: 'setup_failed',
      message: expect.stringContaining('no weights'),
    })
    const response = await fetch(`${server.url}/ready`)
    expect([response.status, await codeOf(response)]).toEqual([503, 'unavailable'])
    await server.close()
  })
})

describe('the version of Node', () => {
  it.each(['18.20.8', '20.18.3'])('%s is refused', version => {
    expect(() => checkRuntime(version)).toThrow(
      expect.objectContaining({
        code: 'unsupported_runtime',
        message: expect.stringContaining(`this is Node ${version}`),
      }),
    )
  })

  it.each(['20.19.0', '20.20.2', '22.23.1', '23.11.0', '24.18.0'])('%s is warned about', version => {
    expect(checkRuntime(version)).toContain(`Node ${version} drops header lines past about 1021 (CVE-2026-58044)`)
  })

  it.each(['22.23.2', '22.24.0', '24.18.1', '25.1.0', '26.0.0'])('%s is fine', version => {
    expect(checkRuntime(version)).toBeUndefined()
  })
})

describe('a server that others reach', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.com'])('on %s is warned about', host => {
    expect(describeExposure(host, false)).toContain(`ANYONE who reaches ${host}`)
    expect(describeExposure(host, true)).toBeUndefined()
  })

  it.each(['127.0.0.1', '127.3.2.1', '::1', 'localhost'])('does not include one on %s', host => {
    expect(describeExposure(host, false)).toBeUndefined()
  })

  it('is warned about when it starts', async () => {
    const { lines, server } = await served(Echo, { host: '0.0.0.0' })
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', message: expect.stringContaining('ANYONE') }))
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })
})
