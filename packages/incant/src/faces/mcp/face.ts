import { RequestError } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import type { JSONSchema } from '../../schema/json-schema.ts'
import type { FaceExchange } from '../exchange.ts'
import type { Face } from '../face.ts'
import type { FaceFit, FaceSubject } from '../fit.ts'
import { loadHandler } from '../load-handler.ts'
import type { FaceModels } from '../model.ts'
import { refuse } from './refusal.ts'
import { planTool } from './tool.ts'

/** Where the server listens for messages. */
const PATH = '/mcp'

/** Where the server says which authorization servers it trusts. */
const METADATA = '/.well-known/oauth-protected-resource'

/**
 * The Model Context Protocol over Streamable HTTP, without sessions: every model is a tool. Revision 2026-07-28, and those
 * from 2025-03-26 on, which begin with `initialize`.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28
 */
export const mcpFace: Face = {
  protocol: 'mcp',
  areas: [PATH, METADATA],
  describe,
  routes: [
    {
      method: 'POST',
      path: PATH,
      body: 'json',
      handle: loadHandler(async () => (await import('./handle.ts')).handle),
    },
    // Before it has a token, a client asks where to get one: RFC 9728 §3, with and without the path of the resource.
    { method: 'GET', path: METADATA, body: 'none', access: 'public', handle: describeResource },
    { method: 'GET', path: `${METADATA}${PATH}`, body: 'none', access: 'public', handle: describeResource },
  ],
  refuse: failure => refuse(failure, `${METADATA}${PATH}`),
}

/** The protected resource metadata. Where tokens come from no authorization server, there is none. */
function describeResource(exchange: FaceExchange, { issuers }: FaceModels): Answer {
  if (issuers.length === 0) throw new RequestError('not_found')
  const document = {
    resource: exchange.url(PATH),
    authorization_servers: issuers,
    bearer_methods_supported: ['header'],
  }
  return new Answer(200, { 'Content-Type': 'application/json' }, JSON.stringify(document))
}

function describe(subject: FaceSubject): FaceFit {
  const plan = planTool(subject)
  if (!plan.fits) return plan
  const { tool, argumentsSchema } = plan
  const summary = 'Send a message of the Model Context Protocol'
  const body = { schema: callSchema(tool.name, argumentsSchema) }
  return { fits: true, operations: [{ method: 'POST', path: PATH, summary, body, answer: { schema: REPLY } }] }
}

/** The message that calls a tool. Others, such as `tools/list`, have the same form. */
function callSchema(name: string, argumentsSchema: JSONSchema): JSONSchema {
  const params: JSONSchema = {
    type: 'object',
    properties: { name: { const: name }, arguments: argumentsSchema },
    required: ['name'],
  }
  return {
    type: 'object',
    properties: { jsonrpc: { const: '2.0' }, id: ID, method: { const: 'tools/call' }, params },
    required: ['jsonrpc', 'id', 'method', 'params'],
  }
}

const ID: JSONSchema = { type: ['string', 'integer'] }

/** The answer to a message. */
const REPLY: JSONSchema = {
  type: 'object',
  properties: { jsonrpc: { const: '2.0' }, id: ID, result: { type: 'object' }, error: { type: 'object' } },
  required: ['jsonrpc'],
}
