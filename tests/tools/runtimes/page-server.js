// What a browser is shown: a page, its script, and everything else from the model server, so that all is of one origin.
// The model server allows no other origin, and needs not to.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { text } from 'node:stream/consumers'

const PAGE = '<!doctype html><meta charset="utf-8"><title>client</title><script type="module" src="/page.js"></script>'

/** Serves the page on a free port. `found` gives what the page and its worker found, once both have told. */
export async function servePage({ bundles, url, token }) {
  const told = new Map()
  let tell
  const found = new Promise(resolve => {
    tell = resolve
  })
  const own = {
    '/': () => ['text/html', PAGE],
    '/page.js': () => ['text/javascript', readFileSync(join(bundles, 'page.js'))],
    '/token': () => ['application/json', JSON.stringify({ token })],
  }
  const server = createServer(async (incoming, outgoing) => {
    const [, part] = /^\/found\/(.+)$/.exec(incoming.url) ?? []
    if (part !== undefined) {
      told.set(part, JSON.parse(await text(incoming)))
      outgoing.end()
      if (told.size === 2 || told.get(part).thrown !== undefined) tell(Object.fromEntries(told))
    } else if (Object.hasOwn(own, incoming.url)) {
      const [type, body] = own[incoming.url]()
      outgoing.setHeader('Content-Type', type).end(body)
    } else passOn(incoming, outgoing, url)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { origin: `http://127.0.0.1:${server.address().port}`, found, close: () => closeAll(server) }
}

/** Hands a request to the model server, and a caller's leaving, too. */
function passOn(incoming, outgoing, url) {
  const { method, headers, url: path } = incoming
  const sent = request(`${url}${path}`, { method, headers: { ...headers, host: new URL(url).host } }, answer => {
    outgoing.writeHead(answer.statusCode, answer.headers)
    pipeline(answer, outgoing, () => {})
  })
  sent.on('error', () => outgoing.destroy())
  outgoing.on('close', () => sent.destroy())
  incoming.pipe(sent)
}

async function closeAll(server) {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
