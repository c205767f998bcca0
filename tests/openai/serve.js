// Runs a command while models answer in the OpenAI API: node tests/openai/serve.js COMMAND…
// The command finds them under CHAT_URL and MODELS_URL, and the key of the first as API_KEY.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { withServers } from './servers.js'

const [program, ...parameters] = process.argv.slice(2)

await withServers(async env => {
  const child = spawn(program, parameters, { stdio: 'inherit', env: { ...process.env, ...env } })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}.`)
})
