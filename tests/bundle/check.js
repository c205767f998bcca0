// Builds bundles of a workspace with npm, pnpm and yarn, takes the source away, and serves them.
//
//   node tests/bundle/check.js SCRATCH INCANT.tgz INCANT-CLI.tgz
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { postJSON, withServer } from '../../examples/serving.js'

const [scratch, sdk, command] = process.argv.slice(2)
const WORKSPACE = fileURLToPath(new URL('workspace', import.meta.url))
/** Downloads no libraries for graphics processors. */
const ENVIRONMENT = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', CI: '1' }

/** How each package manager is installed, and what it calls a package of the same workspace. */
const MANAGERS = {
  npm: { local: '1.0.0', install: ['npm', 'install', '--silent', '--no-audit', '--no-fund'] },
  pnpm: { package: 'pnpm@10.24.0', local: 'workspace:*', install: ['pnpm', 'install', '--silent'] },
  yarn: { package: '@yarnpkg/cli-dist@4.18.1', local: 'workspace:*', install: ['yarn', 'install'] },
  'yarn-classic': { package: 'yarn@1.22.22', local: '1.0.0', install: ['yarn', 'install', '--silent'] },
}

cpSync(sdk, join(scratch, 'incant.tgz'))
cpSync(command, join(scratch, 'incant-cli.tgz'))

const project = makeProject('npm')
const bundle = build(project)
await checkSource(project, bundle)
checkSameElsewhere(project, bundle)
checkRefusals(project)
for (const manager of ['pnpm', 'yarn', 'yarn-classic']) await checkServed(manager, build(makeProject(manager)))
await checkServed('npm', bundle)
checkDamage(bundle.folder)
console.log('bundle: built with npm, pnpm and yarn; served without source, compiler or package manager')

/** The workspace below the scratch folder, its packages installed. */
function makeProject(manager, name = manager) {
  const { package: tool, local, install } = MANAGERS[manager]
  const root = join(scratch, name)
  cpSync(WORKSPACE, root, { recursive: true })
  const manifest = join(root, 'packages/server/package.json')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('LOCAL', local))
  if (manager === 'yarn') writeFileSync(join(root, '.yarnrc.yml'), 'nodeLinker: node-modules\nenableTelemetry: false\n')
  const env = { ...ENVIRONMENT }
  if (tool !== undefined) {
    const prefix = join(scratch, `tool-${manager}`)
    if (!existsSync(prefix)) execFileSync('npm', ['install', '--silent', '--no-audit', '--prefix', prefix, tool])
    env.PATH = `${join(prefix, 'node_modules/.bin')}:${process.env.PATH}`
  }
  // The lockfile is written by the first install: a runner that has CI set would refuse that.
  const written = { ...env, YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', CI: '' }
  execFileSync(install[0], install.slice(1), { cwd: root, env: written, stdio: ['ignore', 'ignore', 'inherit'] })
  return { manager, root, server: join(root, 'packages/server'), env }
}

function incant({ server, env }, ...words) {
  const bin = createRequire(join(server, 'package.json')).resolve('@incant/cli/package.json')
  return spawnSync(process.execPath, [join(bin, '../bin/incant.js'), ...words], { cwd: server, env, encoding: 'utf8' })
}

function build(project, ...words) {
  const folder = join(scratch, `bundle-${project.root.slice(scratch.length + 1)}`)
  const built = incant(project, 'build', 'predictor.ts', '--out', folder, ...words)
  assert.equal(built.status, 0, built.stderr)
  return { ...project, folder }
}

/** The document of a bundle is that of the source, to the byte. */
async function checkSource({ server }, { folder }) {
  const read = async url => (await fetch(`${url}/openapi.json`)).text()
  const documents = []
  const command = [
    process.execPath,
    join(createRequire(join(server, 'package.json')).resolve('@incant/cli/package.json'), '../bin/incant.js'),
  ]
  await withServer(new URL(`file://${server}/predictor.ts`), async url => documents.push(await read(url)), { command })
  await withServer(new URL(`file://${folder}`), async url => documents.push(await read(url)), { command })
  assert.equal(documents[0], documents[1])
}

function checkSameElsewhere({ manager }, { folder }) {
  const other = makeProject(manager, 'elsewhere')
  const manifests = [folder, build(other).folder].map(path => readFileSync(join(path, 'incant.bundle.json'), 'utf8'))
  assert.equal(manifests[0], manifests[1], 'a bundle depends on the place where it was built')
  const predictor = join(other.server, 'predictor.ts')
  writeFileSync(predictor, readFileSync(predictor, 'utf8').replace('whether they are odd', 'whether they are even'))
  const [before, after] = [manifests[1], readFileSync(join(build(other).folder, 'incant.bundle.json'), 'utf8')].map(
    JSON.parse,
  )
  const changed = Object.keys(after.files).filter(path => after.files[path] !== before.files[path])
  assert.deepEqual(changed, ['signature.json'])
  assert.deepEqual(after.packages, before.packages)
  rmSync(other.root, { recursive: true })
}

function checkRefusals(project) {
  const musl = incant(project, 'build', 'predictor.ts', '--out', join(scratch, 'musl'), '--base', 'node:22-alpine')
  assert.equal(musl.status, 1)
  assert.match(
    musl.stderr,
    /error\[wrong_platform\]: native modules do not run on linux\/x64 with musl:\n.*onnxruntime.*needs glibc/,
  )
  const lockfile = join(project.root, 'package-lock.json')
  renameSync(lockfile, `${lockfile}.kept`)
  const none = incant(project, 'build', 'predictor.ts', '--out', join(scratch, 'none'))
  assert.match(none.stderr, /error\[cannot_build\]: package\.json has no lockfile.*\n.*npm install/)
  renameSync(`${lockfile}.kept`, lockfile)
  assert.equal(existsSync(join(scratch, 'musl')) || existsSync(join(scratch, 'none')), false)
}

/** Serves a bundle from another place, its source removed. */
async function checkServed(manager, { root, folder }) {
  rmSync(root, { recursive: true })
  const moved = join(scratch, `moved-${manager}`)
  renameSync(folder, moved)
  const require = createRequire(join(moved, 'app/predictor.js'))
  for (const name of ['typescript', 'esbuild', 'tsx', '@incant/cli', 'is-odd'])
    assert.throws(() => require.resolve(name), { code: 'MODULE_NOT_FOUND' }, `${manager}: ${name} is in the bundle`)
  const command = [process.execPath, join(moved, 'server.js')]
  await withServer(
    undefined,
    async url => {
      const { status, body } = await postJSON(`${url}/predict`, { numbers: [2, 3] })
      assert.equal(status, 200)
      assert.deepEqual(body.labels, ['even', 'odd'])
      assert.match(body.runtime, /^1\.30\./)
      const refused = await postJSON(`${url}/predict`, { numbers: [] })
      assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, '#/numbers'])
    },
    { command, verb: [] },
  )
  rmSync(folder, { recursive: true, force: true })
  if (manager === 'npm') renameSync(moved, folder)
  else rmSync(moved, { recursive: true })
}

function checkDamage(folder) {
  const server = join(folder, 'server.js')
  const path = join(folder, 'app/predictor.js')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace('numbers', 'numberz'))
  const { status, stderr } = spawnSync(process.execPath, [server, '--port', '0'], { encoding: 'utf8' })
  assert.equal(status, 1)
  assert.match(stderr, /error\[invalid_bundle\]: app\/predictor\.js is not as it was built/)
}
