import { formatModelId, StartupError } from 'incant/internal/signature'
import { counted, showBytes } from '../terminal/quantity.ts'
import { flagValue, isOn, type ModelCall, printJSON, readArguments, withBar } from './call.ts'
import { fetchBase } from './remotes/base-image.ts'
import { pushToRegistry } from './remotes/registry.ts'
import { pushToBucket } from './remotes/s3.ts'
import { resolveVersion, type Version } from './store/catalog.ts'
import { type Work, withWork } from './store/leases.ts'
import { readModelId } from './store/reference.ts'

/** What a push did. */
interface Pushed {
  readonly reference: string
  /** Blobs that were not there, and their bytes. */
  readonly sent: number
  readonly bytes: number
}

/** `incant model push`. */
export async function push(call: ModelCall): Promise<number> {
  const [given = '', to = ''] = readArguments(call, { least: 2 })
  const version = await resolveVersion(call.layout, readModelId(given))
  // Nothing of it is taken away meanwhile.
  const { reference, sent, bytes } = await withWork(call.layout, work =>
    withBar(call, { label: `pushing ${formatModelId(version)}`, total: version.size }, onBytes =>
      pushTo(call, version, { to, work, onBytes }),
    ),
  )
  if (isOn(call, 'json')) printJSON(call, { reference, sent, bytes })
  else call.print(reference)
  call.report(`sent ${counted(sent, 'blob')}, ${showBytes(bytes)}`)
  return 0
}

async function pushTo(
  call: ModelCall,
  version: Version,
  options: { readonly to: string; readonly work: Work; readonly onBytes: (bytes: number) => void },
): Promise<Pushed> {
  if (options.to.startsWith('hf:')) throw refuseHub()
  if (options.to.startsWith('s3:')) return pushToBucket(call.layout, version, options)
  const given = flagValue(call, 'base')
  const base = given === undefined ? [] : await fetchBase(given, options.work)
  return pushToRegistry(call.layout, version, { ...options, base, force: isOn(call, 'replace') })
}

function refuseHub(): StartupError {
  return new StartupError({
    code: 'invalid_reference',
    found: 'a version is not pushed to Hugging Face',
    instead: "Export it, and upload the folder with Hugging Face's own command.",
  })
}
