import { describe, expect, it } from 'vitest'
import { readVariables } from '../../src/arguments/environment.ts'
import { readSettings } from '../../src/arguments/settings.ts'
import { startupError } from '../startup-error.ts'

function read(flags: Record<string, string>, environment: Record<string, string> = {}) {
  return readSettings(
    new Map(Object.entries(flags).map(([name, value]) => [name, [value]])),
    readVariables(environment),
  )
}

describe('readSettings', () => {
  it('has nothing that is not given', () => {
    expect(read({})).toMatchObject({ server: {}, app: {}, validate: false, debug: false, config: undefined })
  })

  it('reads values in their units', () => {
    const { server, app } = read({
      port: '8080',
      keepAliveTimeout: '2s',
      maxBodySize: '20MiB',
      openapi: 'false',
      logFormat: 'json',
    })
    expect(server).toEqual({ port: 8080, keepAliveTimeout: 2000, logFormat: 'json' })
    expect(app).toEqual({ maxBodySize: 20 * 1024 ** 2, openapi: false })
  })

  it('takes the port from PORT, as platforms give it, where nothing else says it', () => {
    expect(read({}, { PORT: '8080' }).server).toEqual({ port: 8080 })
    expect(read({}, { PORT: '' }).server).toEqual({})
    expect(read({}, { PORT: '8080', INCANT_PORT: '1' }).server).toEqual({ port: 1 })
    expect(read({ port: '2' }, { PORT: '8080' }).server).toEqual({ port: 2 })
    expect(read({}, { PORT: '65536' }).server).toEqual({})
  })

  it('takes an option of Node with commas in its value as one', () => {
    const values = (given: string) => read({ workerExecArgv: given }).server.workerExecArgv
    expect(values('--title=a,b')).toEqual(['--title=a,b'])
    expect(values('--expose-gc,--title=a,b')).toEqual(['--expose-gc', '--title=a,b'])
    expect(values('--expose-gc, --no-warnings')).toEqual(['--expose-gc', '--no-warnings'])
  })

  it('reads variables, and lets the flag win', () => {
    const environment = {
      INCANT_PORT: '1',
      INCANT_MAX_BODY_SIZE: '1KiB',
      INCANT_VALIDATE: 'true',
      INCANT_CONFIG: 'c.yaml',
    }
    expect(read({ port: '2' }, environment)).toMatchObject({
      server: { port: 2 },
      app: { maxBodySize: 1024 },
      validate: true,
      config: 'c.yaml',
    })
  })

  it('takes an empty variable for none', () => {
    expect(read({}, { INCANT_PORT: '' }).server).toEqual({})
  })

  it('leaves alone what Kubernetes makes of Services named incant and incant-…', () => {
    const environment = {
      INCANT_SERVICE_HOST: '10.0.0.1',
      INCANT_SERVICE_PORT: '80',
      INCANT_SERVICE_PORT_HTTP: '80',
      INCANT_PORT: 'tcp://10.0.0.1:80',
      INCANT_PORT_80_TCP: 'tcp://10.0.0.1:80',
      INCANT_PORT_80_TCP_PROTO: 'tcp',
      INCANT_PORT_80_TCP_PORT: '80',
      INCANT_PORT_80_TCP_ADDR: '10.0.0.1',
      INCANT_PORT_53_UDP: 'udp://10.0.0.1:53',
      INCANT_WORDS_SERVICE_HOST: '10.0.0.2',
      INCANT_WORDS_EN_SERVICE_PORT_HTTPS: '443',
      INCANT_WORDS_PORT: 'tcp://10.0.0.2:80',
      INCANT_MAX_PORT_8000_TCP_ADDR: '10.0.0.3',
    }
    expect(read({}, environment).server).toEqual({})
    expect(read({}, { ...environment, INCANT_PORT: '8001' }).server).toEqual({ port: 8001 })
  })

  it('leaves other variables alone', () => {
    expect(read({}, { PORT: 'x', MY_INCANT_PORT: 'y' }).server).toEqual({})
  })

  it.each([
    [{ port: 'http' }, {}, 'invalid_option', '--port is "http"\n  Use a whole number from 0 to 65535.'],
    [{ port: '65536' }, {}, 'invalid_option', '--port is "65536"\n  Use a whole number from 0 to 65535.'],
    [
      { requestTimeout: '5' },
      {},
      'invalid_option',
      '--request-timeout is "5"\n  Use a duration such as 500ms, 2s or 1m, at least 1ms.',
    ],
    [
      { maxBodySize: '10MB' },
      {},
      'invalid_option',
      '--max-body-size is "10MB"\n  Use a size such as 512KiB or 10MiB, at least 1B.',
    ],
    [{ logFormat: 'xml' }, {}, 'invalid_option', '--log-format is "xml"\n  Use one of auto, json, pretty.'],
    [{ config: '' }, {}, 'invalid_option', '--config is ""\n  Use a non-empty string.'],
    [{ debug: 'maybe' }, {}, 'invalid_option', '--debug is "maybe"\n  Use true or false.'],
    [
      {},
      { INCANT_MAX_BODY_SIZE: 'lots' },
      'invalid_option',
      'INCANT_MAX_BODY_SIZE is "lots"\n  Use a size such as 512KiB or 10MiB, at least 1B.',
    ],
    [
      {},
      { INCANT_PROT: '80' },
      'unknown_option',
      'the environment variable INCANT_PROT is not a setting of incant\n  Did you mean INCANT_PORT?',
    ],
    [
      {},
      { INCANT_PORT: 'http://10.0.0.1:80' },
      'invalid_option',
      'INCANT_PORT is "http://10.0.0.1:80"\n  Use a whole number from 0 to 65535.',
    ],
    [
      {},
      { INCANT_PUBLIC_PORT: '80' },
      'unknown_option',
      'the environment variable INCANT_PUBLIC_PORT is not a setting of incant\n  Did you mean INCANT_PUBLIC_ROUTE?',
    ],
    [
      {},
      { INCANT_WHATEVER_ELSE: '' },
      'unknown_option',
      'the environment variable INCANT_WHATEVER_ELSE is not a setting of incant\n  The prefix INCANT_ is reserved for settings: rename the variable.',
    ],
  ])('refuses %j with %j', (flags, environment, code, message) => {
    expect(startupError(() => read(flags, environment))).toEqual({ code, message })
  })
})
