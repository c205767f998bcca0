import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { StartupError } from 'incant/internal/signature'

/** What a registry is given for a token, or for each request. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity'; readonly token: string }

/** The members of Docker's `config.json` that are about registries. */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>
  readonly credHelpers?: Readonly<Record<string, string>>
  readonly credsStore?: string
}

/** The key of Docker Hub in these files. */
const DOCKER_HUB = 'https://index.docker.io/v1/'

/**
 * The credentials of a registry as `docker login` or `podman login` has kept them: of a credential helper, or in the file
 * itself. Undefined where there are none.
 *
 * @param registry - `ghcr.io`, as in a reference.
 * @throws {StartupError} `registry_refused` where a file is not JSON, or a helper fails.
 */
export async function findCredentials(
  registry: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Credentials | undefined> {
  const key = registry === 'docker.io' ? DOCKER_HUB : registry
  for (const file of configFiles(environment)) {
    const config = readConfig(file)
    const helper = config?.credHelpers?.[key] ?? config?.credsStore
    const found = helper === undefined ? readEntry(config, key) : await askHelper(helper, key)
    if (found !== undefined) return found
  }
  return undefined
}

function configFiles(environment: NodeJS.ProcessEnv): readonly string[] {
  const { DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR } = environment
  const docker = join(DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json')
  const podman = XDG_RUNTIME_DIR === undefined ? [] : [join(XDG_RUNTIME_DIR, 'containers/auth.json')]
  return [...(REGISTRY_AUTH_FILE === undefined ? [] : [REGISTRY_AUTH_FILE]), docker, ...podman]
}

function readConfig(file: string): DockerConfig | undefined {
  const content = readText(file)
  if (content === undefined) return undefined
  try {
    // Each member is read only where it is there and of use; anything else is refused by the registry.
    return JSON.parse(content) as DockerConfig
  } catch (cause) {
    const found = `${file} is not JSON`
    throw new StartupError({ code: 'registry_refused', found, instead: 'Log in again: docker login HOST', cause })
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Older versions of Docker wrote the key as a URL. */
function readEntry(config: DockerConfig | undefined, key: string): Credentials | undefined {
  const auths = config?.auths ?? {}
  const entry = auths[key] ?? auths[`https://${key}`] ?? auths[`https://${key}/v1/`]
  if (entry?.identitytoken) return { kind: 'identity', token: entry.identitytoken }
  const decoded = Buffer.from(entry?.auth ?? '', 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 1 ? undefined : toCredentials(decoded.slice(0, colon), decoded.slice(colon + 1))
}

/** By the protocol of docker-credential-helpers: the registry on standard input, JSON on standard output. */
async function askHelper(name: string, key: string): Promise<Credentials | undefined> {
  const helper = `docker-credential-${name}`
  const child = spawn(helper, ['get'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  child.stdin.on('error', () => {}).end(key)
  try {
    const [code, output] = await Promise.all([ended, text(child.stdout)])
    // A helper that knows no credentials says so by its exit code.
    return code === 0 ? readAnswer(output) : undefined
  } catch (cause) {
    const found = `the credential helper ${helper} gives no answer`
    throw new StartupError({ code: 'registry_refused', found, instead: 'Install it, or log in again.', cause })
  }
}

function readAnswer(output: string): Credentials | undefined {
  const answer: unknown = JSON.parse(output)
  const [username, secret] = ['Username', 'Secret'].map(name => Reflect.get(Object(answer), name))
  return typeof username === 'string' && typeof secret === 'string' ? toCredentials(username, secret) : undefined
}

function toCredentials(username: string, secret: string): Credentials {
  const isIdentity = username === '<token>'
  return isIdentity ? { kind: 'identity', token: secret } : { kind: 'password', username, password: secret }
}
