/** A message that was read, as far as it matters here. */
export interface Message {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
}

const VERSION = 'io.modelcontextprotocol/protocolVersion'

/**
 * A message of the standard input as the request that a client sends over HTTP: the headers by which proxies route are
 * those that its body asks for.
 *
 * @param text - The message as it came.
 */
export function toRequest(text: string, message: Message, signal: AbortSignal): Request {
  const headers = new Headers({ 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' })
  const params = asObject(message.params)
  const version = asObject(params['_meta'])[VERSION]
  if (typeof version === 'string') {
    headers.set('MCP-Protocol-Version', asHeader(version))
    headers.set('Mcp-Method', asHeader(String(message.method)))
    if (typeof params['name'] === 'string') headers.set('Mcp-Name', asHeader(params['name']))
  }
  return new Request('http://localhost/mcp', { method: 'POST', headers, body: text, signal })
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** A text that a header cannot carry as it is goes as base64 (Streamable HTTP, Value Encoding). */
function asHeader(text: string): string {
  return /^[\x21-\x7e]+$/.test(text) && !text.startsWith('=?')
    ? text
    : `=?base64?${Buffer.from(text).toString('base64')}?=`
}
