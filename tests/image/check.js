// Images of bundles: the same digest in two places, few bytes for a changed line, and a container that has no more rights and
// programs than it needs. Root runs it, with Buildah, runc and docker-registry of Debian.
//
//   node tests/image/check.js SCRATCH INCANT.tgz INCANT-CLI.tgz
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findFreePort, postJSON, withServer } from '../../examples/serving.js'
import { mountImage, removeAll, startContainer } from './container.js'
import { startRegistry } from './registry.js'

const [scratch, sdk, command] = process.argv.slice(2)
const PROJECT = fileURLToPath(new URL('project', import.meta.url))
const MANIFEST = {
  ...{ name: 'waiter', version: '1.0.0', private: true, type: 'module' },
  dependencies: { incant: 'file:../incant.tgz' },
  devDependencies: { '@incant/cli': 'file:../incant-cli.tgz' },
}

/** What the predictor answers in a container. */
const ANSWER = { word: 'first', uid: 65532, model: 'predictor:v0' }

/** Programs that an image of a server has no use for, and an intruder has. */
const PROGRAMS =
  /^(sh|bash|dash|ash|busybox|npm|npx|corepack|yarn|pnpm|tsc|tsx|esbuild|gcc|cc|ld|make|apt|dpkg|curl|wget)$/

cpSync(sdk, join(scratch, 'incant.tgz'))
cpSync(command, join(scratch, 'incant-cli.tgz'))
const registry = await startRegistry(join(scratch, 'registry'))
const containers = join(scratch, 'containers')
try {
  const project = makeProject('one')
  const image = await checkDigest(project)
  const name = await checkPush(project, image)
  await checkBases(project, name)
  // From the folder above: Buildah derives a name from the path, which must be in lower case.
  await checkContainer(`oci:${basename(image.layout)}:${image.name}`)
  await checkBuildah(project, name)
  await checkModel(project)
} finally {
  await registry.stop()
  await removeAll(containers)
}
console.log(
  'image: one digest in two places, one changed line in few bytes, and a container without rights that drains',
)

function makeProject(name) {
  const folder = join(scratch, name)
  cpSync(PROJECT, folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST))
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder })
  return folder
}

/** Runs `incant build`, which is to succeed. */
async function build(project, out, ...words) {
  const all = ['build', 'predictor.ts', '--out', join(scratch, out), ...words]
  // Not by execFileSync: the registry's proxy is part of this process.
  const { stdout } = await promisify(execFile)('node_modules/.bin/incant', all, { cwd: project })
  return { stdout, digest: /@(sha256:\w+)$/m.exec(stdout)?.[1], layout: join(scratch, `${out}.oci`) }
}

/** The packages of this machine's Node, without a registry: in another place, from another install, the same image. */
async function checkDigest(project) {
  const name = `${registry.host}/words:1`
  const words = ['--image', name, '--builder', 'layout', '--base', 'host']
  const one = await build(project, 'bundle-one', ...words)
  const other = await build(makeProject('elsewhere'), 'bundle-other', ...words)
  assert.match(one.digest, /^sha256:/)
  assert.equal(one.digest, other.digest, 'an image depends on the place where it was built')
  return { ...one, name }
}

async function checkPush(project, { name, digest }) {
  const words = ['--image', name, '--builder', 'layout', '--base', 'host', '--push']
  registry.sent()
  assert.equal((await build(project, 'bundle-one', ...words)).digest, digest)
  const all = registry.sent()
  await build(project, 'bundle-one', ...words)
  const again = registry.sent()
  const predictor = join(project, 'predictor.ts')
  const text = readFileSync(predictor, 'utf8')
  writeFileSync(predictor, text.replace("'first'", "'second'"))
  assert.notEqual((await build(project, 'bundle-one', ...words)).digest, digest)
  const changed = registry.sent()
  writeFileSync(predictor, text)
  console.log(`image: ${all} bytes sent at first, ${again} for the same, ${changed} for one changed line`)
  assert.ok(all > 10_000_000 && again < 5_000 && changed < 50_000)
  assert.equal((await build(project, 'bundle-one', ...words)).digest, digest)
  return name
}

/** An image of a registry and one of a layout are bases as well, and Node is found in them. */
async function checkBases(project, name) {
  const image = ['--image', 'words:2', '--builder', 'layout']
  const fromRegistry = await build(project, 'bundle-based', ...image, '--base', name)
  const fromLayout = await build(
    project,
    'bundle-layout',
    ...image,
    '--base',
    `layout:${join(scratch, 'bundle-one.oci')}`,
  )
  for (const { layout, digest } of [fromRegistry, fromLayout]) {
    const read = digest => JSON.parse(readFileSync(join(layout, 'blobs/sha256', digest.slice(7)), 'utf8'))
    const manifest = read(digest)
    assert.equal(manifest.layers.length, 7)
    assert.deepEqual(read(manifest.config.digest).config.Entrypoint, ['/usr/bin/node', '/app/server.js'])
    assert.match(manifest.annotations['org.opencontainers.image.base.digest'], /^sha256:/)
  }
}

async function checkContainer(name) {
  const image = await mountImage(name, containers)
  const files = readdirSync(image.root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = files.map(entry => join(entry.parentPath ?? entry.path, entry.name))
  assert.deepEqual(
    paths.filter(path => PROGRAMS.test(basename(path))),
    [],
  )
  assert.deepEqual(
    paths.filter(
      path => (statSync(path).mode & 0o7000) !== 0 || /node_modules\/(typescript|esbuild|tsx|npm)\//.test(path),
    ),
    [],
  )
  const port = await findFreePort()
  const variables = {
    INCANT_HOST: '127.0.0.1',
    INCANT_PORT: String(port),
    INCANT_DRAIN_DELAY: '0s',
    INCANT_LOG_FORMAT: 'json',
  }
  const container = startContainer(image, { folder: containers, name: 'drained', variables })
  const url = `http://127.0.0.1:${port}`
  while (container.isRunning() && !(await isReady(url))) await sleep(50)
  const { status, body } = await postJSON(`${url}/predict`, { milliseconds: 0 }).catch(cause => {
    throw new Error(container.output(), { cause })
  })
  assert.deepEqual([status, body], [200, ANSWER])
  const processes = container.processes()
  assert.equal(processes.length, 2)
  for (const pid of processes) {
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8')
    assert.match(lines, /^Uid:\t65532\t65532\t65532\t65532$/m)
    assert.match(lines, /^CapEff:\t0+$/m)
    assert.match(readFileSync(`/proc/${pid}/mountinfo`, 'utf8'), /^\S+ \S+ \S+ \S+ \/ ro,/m)
  }
  const answers = postJSON(`${url}/predict`, { milliseconds: 2_000 })
  while (!(await isBusy(url))) await sleep(20)
  container.kill('TERM')
  assert.deepEqual((await answers).body, ANSWER, 'a call in flight was cut off')
  assert.equal(await container.ended, 0, container.output())
  assert.match(container.output(), /stopped in order: nothing was cut off/)
  await image.remove()
}

/** The same bundle by a program that reads the Dockerfile. */
async function checkBuildah(project, base) {
  const name = `${registry.host}/words:buildah`
  await build(project, 'bundle-buildah', '--image', name, '--builder', 'buildah', '--base', base, '--push')
  const image = await mountImage(`docker://${name}`, containers)
  assert.equal(image.config.User, '65532:65532')
  assert.equal(readFileSync(join(image.root, 'app/incant.bundle.json'), 'utf8').includes('"Dockerfile"'), false)
  await image.remove()
}

/** A version of the store becomes a part of a bundle, and a bundle without its files does not start. */
async function checkModel(project) {
  process.env.INCANT_HOME = join(scratch, 'home')
  mkdirSync(join(scratch, 'model'))
  writeFileSync(join(scratch, 'model/words.txt'), 'first')
  execFileSync('node_modules/.bin/incant', ['model', 'create', 'words', join(scratch, 'model')], { cwd: project })
  await build(project, 'bundle-model', 'words:v1')
  const bundle = join(scratch, 'bundle-model')
  const [model] = JSON.parse(readFileSync(join(bundle, 'incant.bundle.json'), 'utf8')).models
  assert.deepEqual({ ...model, digest: '' }, { name: 'words', version: 'v1', path: 'model', digest: '' })
  const command = [process.execPath, join(bundle, 'server.js')]
  const check = async url => {
    const { status, body } = await postJSON(`${url}/predict`, { milliseconds: 0 })
    assert.deepEqual([status, body.model], [200, `words:v1 ${model.digest} first`])
  }
  await withServer(undefined, check, { command, verb: [] })
  rmSync(join(bundle, 'model'), { recursive: true })
  mkdirSync(join(bundle, 'model'))
  const { status, stderr } = spawnSync(command[0], [command[1], '--port', '0'], { encoding: 'utf8' })
  assert.equal(status, 1)
  assert.match(stderr, /error\[invalid_bundle\]: \S+model has no model/)
}

async function isReady(url) {
  const response = await fetch(`${url}/ready`).catch(() => undefined)
  await response?.body?.cancel()
  return response?.status === 200
}

async function isBusy(url) {
  const text = await fetch(`${url}/metrics`).then(response => response.text())
  return /^incant_calls_in_flight(\{[^}]*\})? 1$/m.test(text)
}
