import { formatModelId, StartupError } from 'incant/internal/signature'
import { counted, showBytes } from '../terminal/quantity.ts'
import { isOn, type ModelCall, printJSON, readArguments, withBar } from './call.ts'
import { readTag } from './create.ts'
import { findVersion, listVersions, resolveVersion, type Version } from './store/catalog.ts'
import { collectGarbage } from './store/collect-garbage.ts'
import { listFolder, sizeOf } from './store/disk.ts'
import { withWork } from './store/leases.ts'
import { readModelId } from './store/reference.ts'
import { removeVersion } from './store/remove-version.ts'
import { moveTag } from './store/tag.ts'
import { verifyStore } from './store/verify-store.ts'

/** `incant model tag`. */
export async function tag(call: ModelCall): Promise<number> {
  const [given = '', word = ''] = readArguments(call, { least: 2 })
  const { name, version } = await resolveVersion(call.layout, readModelId(given))
  const target = isOn(call, 'remove') ? undefined : version
  const before = await withWork(call.layout, work =>
    moveTag(call.layout, { name, tag: readTag(word), version: target }, work),
  )
  const from = before === undefined ? '' : `, before that ${name}:${before}`
  call.report(
    target === undefined ? `${name}:${word} is removed${from}` : `${name}:${word} is ${name}:${target}${from}`,
  )
  return 0
}

/** `incant model rm`. */
export async function rm(call: ModelCall): Promise<number> {
  const [given = ''] = readArguments(call, { least: 1 })
  const versions = await chooseVersions(call, given)
  await withWork(call.layout, async work => {
    for (const version of versions) await removeVersion(call.layout, version, { work, force: isOn(call, 'force') })
  })
  for (const version of versions) call.report(`removed ${formatModelId(version)}`)
  call.report('its space is free after: incant model gc')
  return 0
}

/** A tag is no version: removing what it points to now might be a surprise. */
async function chooseVersions(call: ModelCall, given: string): Promise<readonly Version[]> {
  const id = readModelId(given)
  const resolved = await resolveVersion(call.layout, id)
  const { name } = id
  if (id.version === undefined) {
    const versions = await listVersions(call.layout, name)
    if (versions.length === 1 || isOn(call, 'force')) return versions
    throw refuse(
      `${name} has ${versions.length} versions`,
      `Name one, such as ${formatModelId(resolved)}, or remove all: --force`,
    )
  }
  const version = await findVersion(call.layout, name, id.version)
  if (version !== undefined) return [version]
  throw refuse(
    `${given} is a tag, of ${formatModelId(resolved)}`,
    `Name the version, or remove the tag: incant model tag ${name} ${id.version} --remove`,
  )
}

/** `incant model verify`. */
export async function verify(call: ModelCall): Promise<number> {
  const [given] = readArguments(call, { least: 0, most: 1 })
  const version = given === undefined ? undefined : await resolveVersion(call.layout, readModelId(given))
  const total = version?.size ?? (await storedBytes(call))
  const verified = await withBar(call, { label: 'verifying', total }, onBytes =>
    verifyStore(call.layout, { version, repair: isOn(call, 'repair'), onBytes }),
  )
  const { problems, versions, blobs, bytes, abandoned } = verified
  if (isOn(call, 'json')) printJSON(call, verified)
  else for (const problem of problems) call.print(problem)
  call.report(
    `${counted(versions, 'version')}, ${counted(blobs, 'file')}, ${showBytes(bytes)}: ${counted(problems.length, 'problem')}`,
  )
  if (abandoned > 0)
    call.report(`${counted(abandoned, 'command')} that was killed left unfinished files, which incant model gc deletes`)
  if (problems.length > 0) call.report(advise(isOn(call, 'repair')))
  return problems.length === 0 ? 0 : 1
}

function advise(isRepaired: boolean): string {
  return isRepaired
    ? 'damaged files are deleted: create, import or pull their versions again to restore them'
    : 'to delete damaged files, so that creating, importing or pulling their versions restores them: incant model verify --repair'
}

/** `incant model gc`. */
export async function gc(call: ModelCall): Promise<number> {
  readArguments(call, { least: 0 })
  const dryRun = isOn(call, 'dryRun')
  const collected = await withWork(call.layout, work => collectGarbage(call.layout, { work, dryRun }))
  if (isOn(call, 'json')) printJSON(call, collected)
  call.report(
    `${dryRun ? 'would delete' : 'deleted'} ${counted(collected.blobs, 'file')}, ${showBytes(collected.bytes)}`,
  )
  return 0
}

async function storedBytes({ layout }: ModelCall): Promise<number> {
  const sizes = await Promise.all((await listFolder(layout.blobs)).map(hex => sizeOf(`${layout.blobs}/${hex}`)))
  return sizes.reduce<number>((sum, size = 0) => sum + size, 0)
}

function refuse(found: string, instead: string): StartupError {
  return new StartupError({ code: 'invalid_option', found, instead })
}
