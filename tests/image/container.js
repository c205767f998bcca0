// Runs an image as a container, by Buildah and runc.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Puts an image together, as a runtime does.
 *
 * @param {string} image as Buildah names it: `oci:DIR:NAME`, from the folder above `folder`
 * @param {string} folder gets all that Buildah and runc write
 */
export async function mountImage(image, folder) {
  mkdirSync(folder, { recursive: true })
  const buildah = (...words) => runBuildah(folder, ...words)
  const container = await buildah('from', '--pull-always', '--tls-verify=false', image)
  const root = await buildah('mount', container)
  const { OCIv1 } = JSON.parse(await buildah('inspect', container))
  return { root, config: OCIv1.config, remove: () => buildah('rm', container) }
}

/** Ends and removes what an error may have left: mounts would stay. */
export async function removeAll(folder) {
  if (!existsSync(folder)) return
  const runc = (...words) => execFileSync('runc', ['--root', join(folder, 'runc'), ...words], { encoding: 'utf8' })
  for (const name of runc('list', '--quiet').split('\n').filter(Boolean)) runc('delete', '--force', name)
  await runBuildah(folder, 'rm', '--all')
  await runBuildah(folder, 'rmi', '--all', '--force')
}

async function runBuildah(folder, ...words) {
  const places = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')]
  return (await promisify(execFile)('buildah', [...places, ...words], { cwd: dirname(folder) })).stdout.trim()
}

/**
 * Starts a container as a cluster does: its own user, no capabilities, a root file system that is read-only, an empty /tmp. The
 * network is that of this machine.
 *
 * @param {{ root: string, config: { Entrypoint: string[], Env: string[], User: string, WorkingDir: string } }} image
 * @param {{ folder: string, name: string, variables: Record<string, string> }} options
 */
export function startContainer({ root, config }, { folder, name, variables }) {
  const bundle = join(folder, name)
  mkdirSync(bundle)
  execFileSync('runc', ['spec', '--bundle', bundle])
  const path = join(bundle, 'config.json')
  const spec = JSON.parse(readFileSync(path, 'utf8'))
  const [uid, gid] = config.User.split(':').map(Number)
  const env = Object.entries(variables).map(([key, value]) => `${key}=${value}`)
  Object.assign(spec.process, {
    ...{ terminal: false, args: config.Entrypoint, cwd: config.WorkingDir, user: { uid, gid } },
    env: [...config.Env.filter(line => !(line.split('=')[0] in variables)), ...env],
    capabilities: {},
  })
  spec.root = { path: root, readonly: true }
  spec.mounts.push({ destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'mode=1777'] })
  spec.linux.namespaces = spec.linux.namespaces.filter(({ type }) => type !== 'network')
  writeFileSync(path, JSON.stringify(spec))
  const runc = (...words) => ['--root', join(folder, 'runc'), ...words]
  const child = spawn('runc', runc('run', '--bundle', bundle, name), { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => output.push(String(chunk)))
  return {
    output: () => output.join(''),
    ended: once(child, 'close').then(([code]) => code),
    isRunning: () => child.exitCode === null,
    kill: signal => execFileSync('runc', runc('kill', name, signal)),
    /** The processes in it. */
    processes: () => JSON.parse(execFileSync('runc', runc('ps', '--format', 'json', name), { encoding: 'utf8' })),
  }
}
