import type { ModelInfo } from 'incant'
import { formatModelId, type ModelName, StartupError } from 'incant/internal/signature'
import { readModelPath } from '../arguments/model-path.ts'
import { resolvePath } from '../arguments/path.ts'
import { ProgressBar } from '../terminal/progress-bar.ts'
import { waitForFolder } from './late-folder.ts'
import { resolveVersion, type Version } from './store/catalog.ts'
import { checkFiles, findManifest } from './store/check-files.ts'
import { checkOut } from './store/check-out.ts'
import type { Layout } from './store/layout.ts'
import { beginWork, type Work } from './store/leases.ts'
import type { ModelManifest } from './store/manifest.ts'
import { refuseSystem } from './store/refuse-system.ts'

/** The files that a predictor is to have: versions of the store, or a folder. */
export interface WantedFiles {
  readonly versions: readonly ModelName[]
  /** `--model-path` */
  readonly path: string | undefined
  /** Whether only sizes are compared with the list of files. */
  readonly isTrusted: boolean
}

/** Finds the files of models for the predictors of a server, and keeps them in place while it runs. */
export class FileFinder {
  readonly #layout: Layout
  readonly #works: Work[] = []

  constructor(layout: Layout) {
    this.#layout = layout
  }

  /**
   * Finds files and checks them. A folder without a list of its files is taken as it is.
   *
   * @returns What the predictor is told of its model; undefined where it has no files but those beside its code.
   * @throws {StartupError} `model_not_found`, `model_damaged`, `invalid_model`, `invalid_option`, `permission_denied`.
   */
  async find(wanted: WantedFiles): Promise<Partial<ModelInfo> | undefined> {
    if (wanted.path !== undefined) return readFolder(wanted, wanted.path)
    if (wanted.versions.length === 0) return undefined
    const versions = await Promise.all(wanted.versions.map(id => resolveVersion(this.#layout, id)))
    refuseTwice(versions)
    const digests = versions.map(({ digest }) => digest)
    const work = await beginWork(this.#layout, { purpose: 'serve', digests }).catch(thrown =>
      refuseSystem(thrown, this.#layout.root),
    )
    this.#works.push(work)
    const found: ModelInfo[] = []
    for (const version of versions) found.push(await this.#open(version, work, wanted))
    const [first, ...others] = found
    return { ...first, ...nameOthers(others) }
  }

  /** Lets go of the files. */
  async end(): Promise<void> {
    for (const work of this.#works) await work.end()
  }

  async #open(version: Version, work: Work, { isTrusted }: WantedFiles): Promise<ModelInfo> {
    const { name, digest } = version
    const { folder, manifest } = await checkOut(this.#layout, version, work)
    await check(folder, manifest, { label: `verifying ${formatModelId(version)}`, isTrusted })
    return { name, version: version.version, path: folder, digest }
  }
}

async function readFolder({ versions, isTrusted }: WantedFiles, given: string): Promise<Partial<ModelInfo>> {
  const [first, ...others] = versions
  if (others.length > 0) throw refuseSeveral(versions)
  await waitForFolder(resolvePath(given))
  const path = readModelPath(given)
  const manifest = await findManifest(path)
  if (manifest !== undefined) await check(path, manifest, { label: `verifying ${given}`, isTrusted })
  const named = first === undefined ? {} : { name: first.name, ...(first.version && { version: first.version }) }
  return { ...named, path, ...(manifest === undefined ? {} : { digest: manifest.digest }) }
}

async function check(
  folder: string,
  manifest: ModelManifest,
  { label, isTrusted }: { readonly label: string; readonly isTrusted: boolean },
): Promise<void> {
  const bar = new ProgressBar(label, manifest.size)
  try {
    await checkFiles(folder, manifest, { digests: !isTrusted, onBytes: bytes => bar.add(bytes) })
  } finally {
    bar.end()
  }
}

function nameOthers(others: readonly ModelInfo[]): Pick<ModelInfo, 'others'> {
  return others.length === 0 ? {} : { others: Object.fromEntries(others.map(info => [info.name, info])) }
}

function refuseTwice(versions: readonly Version[]): void {
  const names = versions.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw new StartupError({
    code: 'invalid_option',
    found: `the predictor is to have two versions of ${twice}`,
    instead: 'this.models has one of each name: create the second version under another name.',
  })
}

function refuseSeveral(versions: readonly ModelName[]): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: `--model-path is the folder of one model, and ${versions.map(formatModelId).join(', ')} are named`,
    instead: 'Leave it out: the versions come from the store of incant model.',
  })
}
