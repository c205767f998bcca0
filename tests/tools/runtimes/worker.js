// A Worker of Cloudflare's runtime: it runs the scenario when it is asked, and answers with what it found.
import { runScenario } from './scenario.js'

export default {
  async fetch(request) {
    const { url, token } = await request.json()
    return Response.json(await runScenario(url, token))
  },
}
