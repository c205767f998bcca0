// Every type of docs/types.md as a tool: listed, read by the schema of the official SDK, called with what the type accepts
// and with what it refuses, and its result checked against the schema that the tool promises.
import { deepStrictEqual, ok } from 'node:assert/strict'
import { CallToolResultSchema, ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { BasePredictor, createApp, silentLogger } from '../../../packages/incant/dist/index.js'
import { CARRIED, FORMS } from '../../../scripts/docs/types/rows.js'
import { readTypes } from '../../../scripts/docs/types.js'

class Echo extends BasePredictor {
  predict(payload) {
    return payload
  }
}

/** @returns {Promise<number>} how many types there are */
export async function checkForms() {
  const rows = [
    ...Object.values(FORMS).flat(),
    ...CARRIED.map(({ type, wire, refused }) => ({ type, accepted: wire, refused })),
  ]
  const declarations = rows.map(({ declare }) => declare ?? '')
  const members = rows.map(({ type }) => `predict(payload: { value: ${type} }): { value: ${type} } { throw 0 }`)
  for (const [index, signature] of readTypes(members, declarations).entries())
    await checkTool(signature, rows[index], value => ({ value }))
  // The same as the whole payload, where it is one: bytes and texts are roles of their own.
  const whole = Object.values(FORMS)
    .flat()
    .filter(({ type }) => type !== 'never')
  const payloads = whole.map(({ type }) => `predict(payload: ${type}): ${type} { throw 0 }`)
  for (const [index, signature] of readTypes(
    payloads,
    whole.map(({ declare }) => declare ?? ''),
  ).entries())
    await checkTool(signature, whole[index], value => value)
  return rows.length
}

async function checkTool(signature, { type, accepted, refused }, wrap) {
  const app = createApp(Echo, { signature, protocols: ['mcp'], logger: silentLogger })
  const call = (method, params) => send(app, { jsonrpc: '2.0', id: 1, method, params })
  try {
    await app.ready
    const { tools } = ListToolsResultSchema.parse(await call('tools/list', {}))
    const [{ name, inputSchema, outputSchema }] = tools
    // Arguments are an object: what is none is a member of it.
    const toArguments = value => ('payload' in inputSchema.properties ? { payload: value } : value)
    if (accepted !== undefined) {
      const result = CallToolResultSchema.parse(
        await call('tools/call', { name, arguments: toArguments(wrap(accepted)) }),
      )
      ok(result.isError !== true, `${type}: ${JSON.stringify(result.content)}`)
      checkOutput(type, outputSchema, result)
    }
    if (refused !== undefined) {
      const result = CallToolResultSchema.parse(
        await call('tools/call', { name, arguments: toArguments(wrap(refused)) }),
      )
      deepStrictEqual(result.isError, true, `${type} takes ${JSON.stringify(refused)}`)
    }
  } finally {
    await app.close()
  }
}

function checkOutput(type, schema, { structuredContent, content }) {
  if (schema === undefined) return ok(content.length > 0, type)
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ok(ajv.validate(schema, structuredContent), `${type}: ${ajv.errorsText()}\n${JSON.stringify(structuredContent)}`)
  deepStrictEqual(JSON.parse(content[0].text), structuredContent)
}

async function send(app, message) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }
  const request = new Request('http://localhost/mcp', { method: 'POST', headers, body: JSON.stringify(message) })
  const { result, error } = await (await app.fetch(request)).json()
  if (error !== undefined) throw new Error(`${message.method}: ${JSON.stringify(error)}`)
  return result
}
