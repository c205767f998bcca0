// The client in the hands of every kind of runtime that has fetch: the same scenario, against a real server, in a browser
// and its worker, in Deno, in Bun, in Cloudflare's runtime and in a thread of Node. And what else of Incant runs there.
//
//   node tests/tools/client-runtimes.js [RUNTIME …]
import { deepStrictEqual, match } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { withServer } from '../../examples/serving.js'
import { installWhenStale } from '../../scripts/setup/install.js'
import { EXPECTED } from './runtimes/expected.js'
import { refusals, runBun, runChromium, runDeno, runWorkerd, runWorkerdApp, runWorkerThread } from './runtimes/hosts.js'
import { servePage } from './runtimes/page-server.js'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const hosts = {
  chromium: runInBrowser,
  deno: runDeno,
  bun: runBun,
  workerd: runWorkerd,
  'worker-thread': runWorkerThread,
}
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(hosts)
const token = 'a-token-of-the-runtimes'

// What these packages do when they are installed is to find their binary, which is where npm put it.
installWhenStale(here('runtimes'), { npm_config_ignore_scripts: 'true' })
const scratch = mkdtempSync(join(tmpdir(), 'incant-runtimes-'))
try {
  await bundle()
  Object.assign(process.env, { RUNTIMES_TOKEN: token, INCANT_CONCURRENCY: '1', INCANT_QUEUE: '0' })
  await withServer(new URL('runtimes/predictor.ts', import.meta.url), async url => {
    for (const name of wanted) await check(name, url)
  })
  if (wanted.includes('workerd')) await checkApplication()
  if (wanted.includes('bun') && wanted.includes('deno')) await checkRefusals()
} finally {
  // What the browser leaves may still be closing its files.
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10 })
}

/** Bundles the program of each runtime with the client as it is built, the way a runtime without Node resolves it. */
async function bundle() {
  await build({
    entryPoints: ['program', 'page', 'worker', 'worker-thread', 'app-worker'].map(name => here(`runtimes/${name}.js`)),
    alias: {
      'incant/client': here('../../packages/incant/dist/client.js'),
      incant: here('../../packages/incant/dist/index.js'),
    },
    external: ['node:worker_threads'],
    outdir: scratch,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  })
}

async function check(name, url) {
  const found = await hosts[name]({ bundles: scratch, url, token, scratch })
  deepStrictEqual(found, name === 'chromium' ? { page: EXPECTED, 'web-worker': EXPECTED } : EXPECTED)
  console.log(`${name}: the client does what it says`)
}

/** An application that is made at the top of a Worker's module. */
async function checkApplication() {
  const expected = [
    [200, true],
    [200, false],
    [422, 'invalid_payload'],
  ]
  deepStrictEqual(await runWorkerdApp({ bundles: scratch }), expected)
  console.log('workerd: createApp at the top of a module serves')
}

async function checkRefusals() {
  for (const [name, code, stderr] of await refusals()) {
    match(stderr, new RegExp(`^incant: this is ${name} .*, and the command needs Node 20\\.19 or newer`, 'i'))
    deepStrictEqual(code, 1)
    console.log(`${name}: the command says that it needs Node`)
  }
}

async function runInBrowser(options) {
  const page = await servePage(options)
  try {
    return await runChromium({ ...options, ...page })
  } finally {
    await page.close()
  }
}
