import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A cluster of one machine, which lives in namespaces. */
export interface Node {
  /** The folder of its programs, settings and logs. */
  readonly folder: string
  /** Its process 1, as this machine numbers it. */
  readonly pid: number
}

const HERE = fileURLToPath(new URL('.', import.meta.url))
const USERS = {
  admin: ['admin', 'system:masters'],
  manager: ['system:kube-controller-manager', 'system:masters'],
  scheduler: ['system:kube-scheduler', 'system:masters'],
  node: ['system:node:one', 'system:masters,system:nodes'],
} as const

/**
 * Starts it.
 *
 * @param folder - With `pause.oci.tar` and `images.oci.tar`.
 * @param programs - The folders of those that `.ci/steps/cluster.sh` builds, that of Kubernetes first.
 */
export async function startNode(
  folder: string,
  programs: readonly string[],
): Promise<{ readonly node: Node; readonly stop: () => Promise<void> }> {
  linkPrograms(folder, programs)
  writeSettings(folder)
  // What runs there ends with this process, also where that is killed.
  const unshare = [
    'unshare',
    '--mount',
    '--pid',
    '--net',
    '--cgroup',
    '--uts',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ]
  const words = ['--pdeathsig', 'KILL', ...unshare, join(HERE, 'node/node.sh'), folder]
  const child = spawn('setpriv', words, { stdio: ['pipe', 'pipe', 'inherit'] })
  const stop = async () => {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  try {
    await started(child, folder)
    const node = { folder, pid: firstChildOf(child) }
    importImages(node)
    await waitForNode(node)
    return { node, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function linkPrograms(folder: string, programs: readonly string[]): void {
  mkdirSync(join(folder, 'bin'))
  for (const from of programs)
    for (const name of readdirSync(from)) symlinkSync(join(from, name), join(folder, 'bin', name))
  const kubernetes = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubelet', 'kubectl']
  for (const name of [...kubernetes, 'metrics-server'])
    symlinkSync(join(folder, 'bin/kubernetes'), join(folder, 'bin', name))
}

function writeSettings(folder: string): void {
  const settings = join(folder, 'conf')
  cpSync(join(HERE, 'node'), settings, { recursive: true })
  for (const name of ['containerd.toml', 'kube-proxy.yaml']) {
    const path = join(settings, name)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('@FOLDER@', folder))
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(join(settings, 'account.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  writeFileSync(join(settings, 'account.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  const tokens = Object.entries(USERS).map(([name, [user, groups]]) => {
    const token = randomBytes(16).toString('hex')
    writeFileSync(join(settings, `${name}.kubeconfig`), kubeconfig(token), { mode: 0o600 })
    return `${token},${user},${name},"${groups}"`
  })
  writeFileSync(join(settings, 'tokens.csv'), `${tokens.join('\n')}\n`, { mode: 0o600 })
}

function kubeconfig(token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'one', cluster: { server: 'https://127.0.0.1:6443', 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'one', user: { token } }],
    contexts: [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
    'current-context': 'one',
  })
}

async function started(child: ChildProcess, folder: string): Promise<void> {
  for await (const chunk of child.stdout ?? []) if (String(chunk).includes('started')) return
  throw new Error(`the cluster does not start: the logs are in ${folder}/run/logs`)
}

function firstChildOf({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
}

function importImages({ folder, pid }: Node): void {
  const words = ['--address', '/run/containerd/containerd.sock', '--namespace', 'k8s.io', 'images', 'import']
  const enter = ['--target', String(pid), '--mount', '--', join(folder, 'bin/ctr')]
  execFileSync('nsenter', [...enter, ...words, join(folder, 'images.oci.tar')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function waitForNode(node: Node): Promise<void> {
  const isReady = () => {
    try {
      const words = ['get', 'nodes', '--output', 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}']
      const [program = '', ...rest] = [...enterNetwork(node), join(node.folder, 'bin/kubectl'), ...words]
      return execFileSync(program, rest, { encoding: 'utf8', env: environmentOf(node) }) === 'True'
    } catch {
      return false
    }
  }
  while (!isReady()) await sleep(500)
}

/** The command that runs another one in the network of the cluster, and ends it with this process. */
export function enterNetwork({ pid }: Node): readonly string[] {
  return ['setpriv', '--pdeathsig', 'KILL', 'nsenter', '--target', String(pid), '--net', '--']
}

/** Variables with which `kubectl` is the administrator, and neither reads nor writes in the home folder of the user. */
export function environmentOf({ folder }: Node): NodeJS.ProcessEnv {
  return {
    ...process.env,
    KUBECONFIG: join(folder, 'conf/admin.kubeconfig'),
    KUBECACHEDIR: join(folder, 'run/kubectl'),
    KUBERC: 'off',
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
  }
}
