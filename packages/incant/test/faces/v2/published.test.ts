import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { BYTES, binaryInput, jsonInput, serveModel } from './_infer.ts'

/** The description of the protocol that its authors publish; it belongs to them, and is not in this repository. */
const folder = process.env['TEST_DATA'] ?? ''
const path = join(resolve(folder), 'oip/open_inference_rest.yaml')
const isThere = folder !== '' && existsSync(path)

if (!isThere) console.log('skipped: INCANT_TEST_DATA names no folder with oip/open_inference_rest.yaml')

describe.skipIf(!isThere)('answers are as the published description of the protocol says', () => {
  const description = isThere ? parse(readFileSync(path, 'utf8')) : { components: {} }
  const ajv = new Ajv({ strict: false }).addSchema({ $id: 'oip', ...description })
  const check = (name: string, document: unknown) => {
    const isValid = ajv.validate({ $ref: `oip#/components/schemas/${name}` }, document)
    expect({ isValid, errors: ajv.errors }).toEqual({ isValid: true, errors: null })
  }
  const inputs = [jsonInput('INPUT0'), jsonInput('INPUT1')]

  test('the server, and a model', async () => {
    const { ask } = await serveModel()
    check('metadata_server_response', await (await ask('/v2/')).json())
    for (const address of ['/v2/models/simple', '/v2/models/simple/versions/1'])
      check('metadata_model_response', await (await ask(address)).json())
    for (const address of ['/v2/health/live', '/v2/health/ready', '/v2/models/simple/versions/1/ready'])
      expect((await ask(address)).status).toBe(200)
  })

  test('an answer in JSON; the request is one, too', async () => {
    const { infer, ask } = await serveModel()
    check('inference_request', { inputs })
    check('inference_response', await (await infer({ id: '1', inputs })).json())
    const body = JSON.stringify({ inputs })
    check(
      'inference_response',
      await (await ask('/v2/models/simple/versions/1/infer', { method: 'POST', body })).json(),
    )
  })

  test('the JSON of an answer in bytes, its data in place', async () => {
    const { infer } = await serveModel()
    const parameters = { binary_data_output: true }
    const response = await infer({ parameters, inputs: [binaryInput('INPUT0'), binaryInput('INPUT1')] }, [BYTES, BYTES])
    const body = Buffer.from(await response.arrayBuffer())
    const length = Number(response.headers.get('inference-header-content-length'))
    const document = JSON.parse(body.subarray(0, length).toString())
    check('inference_response', {
      ...document,
      outputs: document.outputs.map((output: object) => ({ ...output, data: [] })),
    })
  })

  test('errors', async () => {
    const { infer, ask } = await serveModel()
    check('inference_error_response', await (await infer({ inputs: [] })).json())
    check('metadata_model_error_response', await (await ask('/v2/models/absent')).json())
    check('metadata_server_error_response', await (await ask('/v2/absent')).json())
  })
})
