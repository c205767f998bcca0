import { StartupError } from 'incant/internal/signature'
import { type Digest, isDigest } from '../content/digest.ts'

/** The name of an image in a registry. */
export interface Reference {
  /** `https://ghcr.io`: where requests go. */
  readonly origin: string
  /** `ghcr.io`: the key of its credentials. */
  readonly registry: string
  /** `team/words` */
  readonly repository: string
  readonly tag: string | undefined
  readonly digest: Digest | undefined
}

/** The grammar of names in the distribution specification. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const TAG = /^\w[\w.-]{0,127}$/
const HOST = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\])(?::\d+)?$/
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/

/**
 * Reads `HOST/REPOSITORY[:TAG][@DIGEST]`, with `oci://` in front or not. Registries speak TLS, but for those on this
 * machine, as with Docker; `http://` in front asks for a registry without TLS elsewhere. A name without a host is one of
 * Docker Hub, as everywhere.
 *
 * @throws {StartupError} `invalid_reference`.
 */
export function parseReference(given: string): Reference {
  const [, scheme = 'oci', rest = ''] = /^(?:(oci|docker|https?):\/\/)?(.*)$/.exec(given) ?? []
  const [name = '', digest, ...more] = rest.split('@')
  const [, path = '', tag] = /^(.*?)(?::([^/:]*))?$/.exec(name) ?? []
  const { registry, repository } = splitHost(path)
  const isWrong = !HOST.test(registry) || !REPOSITORY.test(repository) || (tag !== undefined && !TAG.test(tag))
  if (isWrong || more.length > 0 || (digest !== undefined && !isDigest(digest))) throw refuse(given)
  const isPlain = scheme === 'http' || (scheme !== 'https' && LOOPBACK.test(registry))
  return { origin: `${isPlain ? 'http' : 'https'}://${serverOf(registry)}`, registry, repository, tag, digest }
}

/** `ghcr.io/team/words:v1`, as {@link parseReference} reads it. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

/** The first part is a host where it has a dot or a port, or is `localhost`. */
function splitHost(path: string): Pick<Reference, 'registry' | 'repository'> {
  const [first = '', ...others] = path.split('/')
  const isHost = others.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  if (!isHost) return { registry: 'docker.io', repository: others.length === 0 ? `library/${path}` : path }
  const repository = others.join('/')
  const isOfficial = first === 'docker.io' && others.length === 1
  return { registry: first, repository: isOfficial ? `library/${repository}` : repository }
}

function serverOf(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry
}

function refuse(given: string): StartupError {
  return new StartupError({
    code: 'invalid_reference',
    found: `${JSON.stringify(given)} is not the name of an image`,
    instead: 'Write HOST/REPOSITORY:TAG in lower case, such as registry.example.com/models/words:v1.',
  })
}
