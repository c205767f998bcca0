// The same tool with the official SDK: its handler of both eras, on node:http.
import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'add', version: '1.0.0' })
  const tool = {
    description: 'Adds two numbers.',
    inputSchema: z.object({ a: z.number(), b: z.number() }),
    outputSchema: z.object({ result: z.number() }),
  }
  server.registerTool('add', tool, ({ a, b }) => {
    const structuredContent = { result: a + b }
    return { structuredContent, content: [{ type: 'text', text: JSON.stringify(structuredContent) }] }
  })
  return server
})
const server = createServer(toNodeHandler(handler))
server.listen(Number(process.argv[2]), '127.0.0.1')
