import type { ModelName } from 'incant/internal/signature'
import { parseModelId } from 'incant/internal/signature'
import { type Digest, isDigest } from '../../content/digest.ts'
import type { Version } from '../store/catalog.ts'
import type { Description } from '../store/records.ts'

const TITLE = 'org.opencontainers.image.title'
const VERSION = 'org.opencontainers.image.version'
const DESCRIPTION = 'org.opencontainers.image.description'
const DIGEST = 'dev.incant.model.digest'
const METADATA = 'dev.incant.model.metadata.'

/** What the annotations of an image say of the version in it. */
export interface Labels extends Description {
  readonly id: ModelName | undefined
  /** Of the files, as the writer of the image says. */
  readonly digest: Digest | undefined
}

/** The annotations of an image of a version. */
export function writeLabels(version: Version): Readonly<Record<string, string>> {
  const { name, description, metadata = {} } = version
  return {
    [TITLE]: name,
    [VERSION]: version.version,
    [DIGEST]: version.digest,
    ...(description === undefined ? {} : { [DESCRIPTION]: description }),
    ...Object.fromEntries(Object.entries(metadata).map(([key, value]) => [METADATA + key, value])),
  }
}

/** Reads the annotations of an image. Any of them may be missing, or anything. */
export function readLabels(annotations: Readonly<Record<string, string>> = {}): Labels {
  const { [TITLE]: name = '', [VERSION]: version = '', [DIGEST]: digest = '', [DESCRIPTION]: description } = annotations
  const pairs = Object.entries(annotations).filter(([key]) => key.startsWith(METADATA))
  const metadata = Object.fromEntries(pairs.map(([key, value]) => [key.slice(METADATA.length), value]))
  return {
    id: parseModelId(`${name}:${version}`),
    digest: isDigest(digest) ? digest : undefined,
    ...(description === undefined ? {} : { description }),
    ...(pairs.length === 0 ? {} : { metadata }),
  }
}
