import { MANIFEST_FLAGS, type ManifestTarget } from '../arguments/manifest-command.ts'
import { isSwitch } from '../arguments/option.ts'
import type { FlagValues } from '../arguments/parse.ts'
import { composeParts } from './compose.ts'
import { knativeParts } from './knative.ts'
import { kserveParts } from './kserve/kserve.ts'
import { kubernetesParts } from './kubernetes/kubernetes.ts'
import { namespaceOf } from './kubernetes/service.ts'
import type { ServerPlan } from './plan.ts'
import type { Part } from './resource.ts'
import { toYAML } from './to-yaml.ts'

const WRITERS: Readonly<Record<ManifestTarget, (plan: ServerPlan) => readonly Part[]>> = {
  kubernetes: kubernetesParts,
  kserve: kserveParts,
  knative: knativeParts,
  compose: composeParts,
}

/** The documents of a server. Equal plans give equal documents. */
export function partsOf(plan: ServerPlan): readonly Part[] {
  return [...(plan.target === 'compose' ? [] : namespaceOf(plan)), ...WRITERS[plan.target](plan)]
}

/** The documents of a server as YAML, with the command that wrote them above. */
export function writeManifest(plan: ServerPlan, flags: FlagValues): string {
  return toYAML(partsOf(plan), `${commandLine(plan.name, flags)}\nWhere a comment begins with "Decide", a person must.`)
}

/** The command that gives the same manifest again, flags in the order of the table. */
export function commandLine(name: string, flags: FlagValues): string {
  const words = MANIFEST_FLAGS.flatMap(flag =>
    (flags.get(flag.name) ?? []).map(text =>
      isSwitch(flag) ? switchForm(flag.flag, text) : `${flag.flag} ${quote(text)}`,
    ),
  )
  return ['incant manifest', name, ...words].join(' ')
}

function switchForm(flag: string, text: string): string {
  return text === 'false' ? `--no-${flag.slice(2)}` : flag
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`).replaceAll('\n', ' ')}'`
}
