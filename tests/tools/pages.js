// Which web pages reach a predictor, in a real browser: none of another origin, through no name that leads here, unless
// --cors-origin names it.
//
//   node tests/tools/pages.js
import { deepStrictEqual, notDeepStrictEqual, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { bearerAuth } from '../../packages/incant/dist/auth.js'
import { BasePredictor, takes } from '../../packages/incant/dist/index.js'
import { serve } from '../../packages/incant/dist/node.js'
import { ATTEMPTS } from './pages/attempts.js'
import { withChromium } from './pages/chromium.js'

const FOREIGN = 'evil.example'

/** One predictor for each form in which predict takes a body; each counts its calls. */
const FORMS = ['payload', 'text', 'bytes', 'form', 'blob', 'stream', 'request'].map(role => {
  class Predictor extends BasePredictor {
    static calls = 0
    predict() {
      Predictor.calls += 1
      return 'reached'
    }
  }
  takes(role)(Predictor.prototype.predict, {})
  return { role, Predictor }
})

/** Serves a predictor while something is done. */
async function withServer(Predictor, options, work) {
  const logger = { log() {} }
  const server = await serve(Predictor, { port: 0, logger, gracePeriod: 0, ...options })
  await server.ready
  try {
    return await work(Number(new URL(server.url).port))
  } finally {
    await server.close()
  }
}

/** What a server has answered to requests that act and to preflights, by its own count: method and status of each. */
async function readAnswers(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const lines = text.matchAll(/^incant_requests_total\{([^}]*)\} (\d+)$/gm)
  const answers = [...lines].flatMap(([, labels, count]) => {
    const { method, status } = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, ...pair]) => pair))
    return method === 'GET' ? [] : Array(Number(count)).fill(`${method} ${status}`)
  })
  return answers.sort()
}

/** Shows an empty page on a port, and gives back what stops that. */
async function showPage(port = 0) {
  const server = createServer((_incoming, outgoing) => {
    outgoing.setHeader('Content-Type', 'text/html').end('<!doctype html><title>page</title><body></body>')
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  return { port: server.address().port, close }
}

/** Makes every attempt from an open page. Gives back the answers, once each attempt has its own. */
async function attempt(tab, url, port) {
  for (const [index, work] of Object.values(ATTEMPTS).entries()) {
    await tab.run(work, url)
    while ((await readAnswers(port)).length <= index) await sleep(10)
  }
  return readAnswers(port)
}

async function checkCrossSite(browser, page) {
  for (const { role, Predictor } of FORMS) {
    for (const origin of [`http://${FOREIGN}:${page.port}`, `http://localhost:${page.port}`]) {
      await withServer(Predictor, {}, async port => {
        const tab = await browser.open(origin)
        const answers = await attempt(tab, `http://localhost:${port}/predict`, port)
        await tab.close()
        ok(
          answers.every(answer => ['POST 403', 'OPTIONS 405'].includes(answer)),
          `${role}: ${answers}`,
        )
      })
      deepStrictEqual(Predictor.calls, 0, `${role}: a page of ${origin} reached predict`)
    }
  }
  console.log('cross-site and same-site pages: nothing reaches predict')
}

/** A page that has been loaded from a name, which then leads to the predictor: for the browser both are one origin. */
async function checkRebinding(browser) {
  for (const { role, Predictor } of FORMS) {
    const page = await showPage()
    const origin = `http://${FOREIGN}:${page.port}`
    const tab = await browser.open(`${origin}/`)
    await page.close()
    await withServer(Predictor, { port: page.port }, async port => {
      const answers = await attempt(tab, `${origin}/predict`, port)
      for (const path of ['/openapi.json', '/health', '/metrics']) {
        deepStrictEqual(await tab.run(async path => (await fetch(path)).status, path), 404, path)
      }
      ok(
        answers.every(answer => answer.endsWith(' 404')),
        `${role}: ${answers}`,
      )
    })
    await tab.close()
    deepStrictEqual(Predictor.calls, 0, `${role}: a name that leads here reached predict`)
  }
  console.log('a name that leads here: nothing reaches predict')
}

/** The same attempts where they are allowed: they do reach predict, so that the checks above can fail. */
async function checkAllowed(browser, page) {
  const origin = `http://${FOREIGN}:${page.port}`
  for (const { Predictor, role } of FORMS) {
    await withServer(Predictor, { corsOrigins: ['*'] }, async port => {
      const tab = await browser.open(origin)
      await attempt(tab, `http://localhost:${port}/predict`, port)
      await tab.close()
    })
    notDeepStrictEqual(Predictor.calls, 0, `${role}: no attempt reached predict where all may`)
  }
  console.log('--cors-origin "*": the same attempts reach predict')
}

/** What a front-end does, and what it may read. */
async function checkFrontEnd(browser, page) {
  class Guarded extends BasePredictor {
    async *predict({ words }) {
      for (const word of words) yield word
    }
  }
  bearerAuth({ tokens: 'good-token' })(Guarded)
  const origin = `http://localhost:${page.port}`
  await withServer(Guarded, { corsOrigins: [origin], maxBodySize: 1000 }, async port => {
    const tab = await browser.open(origin)
    const found = await tab.run(askAll, `http://localhost:${port}`)
    await tab.close()
    deepStrictEqual(found, {
      stream: [200, true, 'data: "a"\n\ndata: "b"\n\n'],
      'no token': [401, true, 'unauthorized', 'Bearer realm="predict"'],
      'bad JSON': [400, true, 'invalid_json', null],
      'too large': [413, true, 'body_too_large', null],
      'unknown path': [404, true, 'not_found', null],
      'too many lines': [431, true, 'headers_too_large', null],
      probe: [200, true, '{"status":"ready"}'],
    })
    ok((await readAnswers(port)).includes('OPTIONS 204'))
  })
  console.log('--cors-origin: a page of that origin calls, and reads every answer')
}

/** Runs in the page. */
async function askAll(server) {
  const ask = async (path, init, read) => {
    const response = await fetch(`${server}${path}`, init)
    const text = await response.text()
    return [response.status, response.headers.has('x-request-id'), ...read(text, response)]
  }
  const call = (body, headers = {}, path = '/predict') => [
    path,
    {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer good-token', ...headers },
    },
  ]
  const whole = text => [text]
  const problem = (text, { headers }) => [JSON.parse(text).code, headers.get('www-authenticate')]
  const anonymous = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`x-${index}`, 'a']))
  return {
    stream: await ask(...call('{"words":["a","b"]}'), whole),
    'no token': await ask('/predict', anonymous, problem),
    'bad JSON': await ask(...call('{'), problem),
    'too large': await ask(...call(JSON.stringify('a'.repeat(1000))), problem),
    'unknown path': await ask(...call('{}', {}, '/unknown'), problem),
    'too many lines': await ask(...call('{}', many), problem),
    probe: await ask('/ready', {}, whole),
  }
}

const page = await showPage()
try {
  await withChromium(FOREIGN, async browser => {
    await checkCrossSite(browser, page)
    await checkRebinding(browser)
    await checkAllowed(browser, page)
    await checkFrontEnd(browser, page)
  })
} finally {
  await page.close()
}
