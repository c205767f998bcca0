import { parseAllDocuments } from 'yaml'
import { MANIFEST_COMMAND } from '../../src/arguments/manifest-command.ts'
import { parseCommand } from '../../src/arguments/parse.ts'
import { readPlan } from '../../src/manifest/read-plan.ts'
import { writeManifest } from '../../src/manifest/write-manifest.ts'

/** The manifest of the server `words`, as the command prints it. */
export function manifest(...flags: readonly string[]): string {
  const parsed = parseCommand(MANIFEST_COMMAND, ['words', ...flags])
  if (parsed.kind === 'help') throw new Error('these flags ask for help')
  return writeManifest(readPlan('words', parsed.flags), parsed.flags)
}

/** The objects of a manifest by kind, read from its text as kubectl reads them. */
export function objects(...flags: readonly string[]): Readonly<Record<string, unknown>> {
  const documents = parseAllDocuments(manifest('--image', 'words:1', ...flags))
  return Object.fromEntries(documents.map(document => [document.get('kind') ?? 'Compose', document.toJS()]))
}

/** A member by its path: `spec.template.spec.containers.0`. Undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined
  }, value)
}

/** The variables of the container of a server. */
export function variables(...flags: readonly string[]): Readonly<Record<string, string>> {
  const env = at(objects(...flags), 'Deployment.spec.template.spec.containers.0.env')
  // Every variable of a manifest has a name and a value.
  const list = env as readonly { name: string; value: string }[]
  return Object.fromEntries(list.map(({ name, value }) => [name, value]))
}
