import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { requireGRPC } from '../../src/node/grpc/grpc-module.ts'
import { signatureOf, TYPES } from '../faces/v2/_model.ts'

/** A program that serves, and then says how many files of the library it has loaded. */
const PROGRAM = `
  import { createRequire } from 'node:module'
  const [dist, signature, grpcListen] = process.argv.slice(1)
  const { BasePredictor } = await import(dist + '/index.js')
  const { serve } = await import(dist + '/node.js')
  class Same extends BasePredictor { predict(given) { return given } }
  const options = { port: 0, logLevel: 'silent', signature: JSON.parse(signature), ...(grpcListen ? { grpcListen } : {}) }
  const server = await serve(Same, options)
  await server.ready
  const files = Object.keys(createRequire(import.meta.url).cache)
  console.log(files.filter(path => path.includes('@grpc/grpc-js')).length)
  await server.close()
`

async function countLoaded(...words: readonly string[]): Promise<number> {
  const dist = new URL('../../dist', import.meta.url).href
  const signature = JSON.stringify(signatureOf({ x: TYPES.floats }, { x: TYPES.floats }))
  const args = ['--input-type=module', '--eval', PROGRAM, dist, signature, ...words]
  return Number((await promisify(execFile)(process.execPath, args)).stdout)
}

it('a server that is asked for gRPC alone loads the library, and leaves nothing that runs', {
  tags: ['slow'],
}, async () => {
  expect(await countLoaded()).toBe(0)
  expect(await countLoaded('127.0.0.1:0')).toBeGreaterThan(0)
})

it('a server that is asked for gRPC says how to install the library where it is missing', () => {
  const nowhere = 'file:///nowhere/module.js'
  expect(() => requireGRPC(nowhere, [nowhere])).toThrow(
    expect.objectContaining({
      code: 'grpc_missing',
      message: expect.stringContaining('npm install @grpc/grpc-js'),
    }),
  )
})
