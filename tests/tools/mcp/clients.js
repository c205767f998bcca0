// The official clients against a server: each lists its tools, calls them, follows progress, and reads errors. Run under a
// Node that the clients support; prints what each saw as JSON.
//
//   node clients.js URL
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const [url] = process.argv.slice(2)
const identity = { name: 'incant-tests', version: '1.0.0' }
const clients = {
  'sdk 1': { client: new Client(identity), transport: new StreamableHTTPClientTransport(new URL(url)) },
  'client 2': { client: new ModernClient(identity), transport: new ModernTransport(new URL(url)) },
  'client 2, 2026-07-28': {
    client: new ModernClient(identity, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    transport: new ModernTransport(new URL(url)),
  },
}

const seen = {}
for (const [name, { client, transport }] of Object.entries(clients)) {
  await client.connect(transport)
  seen[name] = await look(client)
  await client.close()
}
console.log(JSON.stringify(seen))

async function look(client) {
  const { tools } = await client.listTools()
  const names = tools.map(({ name }) => name)
  return names[0] === 'add'
    ? { names, ...(await lookAtSums(client)) }
    : { names, ...(await lookAtWords(client, names[0])) }
}

async function lookAtSums(client) {
  const call = args => client.callTool({ name: 'add', arguments: args })
  const added = await call({ a: 1, b: 2 })
  const wrong = await call({ a: -1, b: 2 })
  const failed = await call({ a: 1, b: 13 })
  const unknown = await client.callTool({ name: 'subtract', arguments: {} }).then(
    () => 'called',
    error => error.code,
  )
  return {
    added: added.structuredContent,
    text: added.content[0].text,
    wrong: [wrong.isError, wrong.content[0].text],
    failed: [failed.isError, failed.content[0].text.replace(/id \S+/, 'id …')],
    unknown,
  }
}

async function lookAtWords(client, name) {
  const messages = []
  const onprogress = ({ progress, message }) => messages.push([progress, message])
  const result = await client.callTool({ name, arguments: {} }, ...progressOptions(client, onprogress))
  return { messages, text: result.content[0].text }
}

/** The older client has a schema of the result before its options. */
function progressOptions(client, onprogress) {
  return client instanceof Client ? [undefined, { onprogress }] : [{ onprogress }]
}
