// Makes a project of each kind with `npm create incant` from the packed packages, runs its test, starts it and calls it.
//
//   node tests/packaging/scaffolds.js SCRATCH INCANT.tgz INCANT-CLI.tgz CREATE-INCANT.tgz
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { postJSON, withServer } from '../../examples/serving.js'

const [scratch, ...tarballs] = process.argv.slice(2)
const QUIET = ['--silent', '--no-audit', '--no-fund', '--prefer-offline']
const KINDS = {
  plain: call('/predict', { text: 'A great book' }, body => assert.deepEqual(body, { words: 3, good: 1 })),
  batch: call('/predict', { text: 'Guten Tag' }, body => assert.deepEqual(body, { words: 2 })),
  stream: async url => assert.match(await callForText(url), /^data: {"word":"one"}$/m),
  chat: call('/v1/chat/completions', { messages: [{ role: 'user', content: 'Hello' }] }, ({ choices }) =>
    assert.equal(choices[0].message.content, 'Hello '),
  ),
  image: async url => {
    const body = new FormData()
    body.append('image', new File(['no picture'], 'a.png', { type: 'image/png' }))
    assert.equal((await fetch(`${url}/predict`, { method: 'POST', body })).status, 422)
  },
}

const tools = join(scratch, 'tools')
mkdirSync(tools)
writeFileSync(join(tools, 'package.json'), '{ "private": true }')
npm(tools, 'install', ...QUIET, ...tarballs)
for (const [kind, check] of Object.entries(KINDS)) await checkKind(kind, check)
console.log('packages: a project of each kind is made, tested and served')

async function checkKind(kind, check) {
  const folder = join(scratch, `project-${kind}`)
  execFileSync(join(tools, 'node_modules/.bin/create-incant'), [folder, '--kind', kind], { cwd: scratch })
  const again = spawnSync(join(tools, 'node_modules/.bin/incant'), ['init', folder], { encoding: 'utf8' })
  assert.match(again.stderr, /error\[file_exists\]/)
  install(folder)
  npm(folder, 'test', '--silent')
  // The signal ends npm itself; its output closes when the server has ended as well.
  await withServer(undefined, check, {
    command: ['npm', 'start', '--silent', '--prefix', folder, '--'],
    verb: [],
    exitCode: null,
  })
}

/** The packages of ours are the packed ones, as they are not published yet. */
function install(folder) {
  const path = join(folder, 'package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  const [sdk, cli] = tarballs
  manifest.dependencies.incant = `file:${sdk}`
  manifest.devDependencies['@incant/cli'] = `file:${cli}`
  writeFileSync(path, JSON.stringify(manifest))
  npm(folder, 'install', ...QUIET)
}

function npm(cwd, ...words) {
  execFileSync('npm', words, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
}

function call(path, payload, check) {
  return async url => {
    const { status, body } = await postJSON(`${url}${path}`, payload)
    assert.equal(status, 200)
    check(body)
  }
}

async function callForText(url) {
  const response = await fetch(`${url}/predict`, { method: 'POST', body: '{"text":"one by one"}' })
  return response.text()
}
