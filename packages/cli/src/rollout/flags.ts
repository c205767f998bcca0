import { StartupError } from 'incant/internal/signature'
import * as v from 'valibot'
import type { FlagValues } from '../arguments/parse.ts'
import type { LiveDeployment, LiveReplicaSet } from '../kubectl/objects.ts'
import { FLAGS_ANNOTATION } from '../manifest/kubernetes/deployment.ts'
import type { PlanOptions } from '../manifest/read-plan.ts'

/** What a server was deployed with. */
export interface Deployed extends Required<PlanOptions> {
  readonly flags: FlagValues
}

const STORED = v.object({ flags: v.record(v.string(), v.array(v.string())), stopped: v.optional(v.boolean(), false) })

/** The flags of a server, as an annotation keeps them. A ReplicaSet has those of its revision. */
export function writeFlags({ flags, isStopped }: Deployed): string {
  return JSON.stringify({ flags: Object.fromEntries([...flags].sort()), ...(isStopped ? { stopped: true } : {}) })
}

/**
 * The flags that a Deployment or one of its revisions was made with; undefined where another program made it.
 *
 * @throws {StartupError} `cluster_failed` for an annotation that was changed by hand.
 */
export function readFlags({ metadata }: LiveDeployment | LiveReplicaSet): Deployed | undefined {
  const text = metadata.annotations[FLAGS_ANNOTATION]
  if (text === undefined) return undefined
  try {
    const { flags, stopped } = v.parse(STORED, JSON.parse(text))
    return { flags: new Map(Object.entries(flags)), isStopped: stopped }
  } catch (cause) {
    throw new StartupError({
      code: 'cluster_failed',
      found: `the annotation ${FLAGS_ANNOTATION} of ${metadata.name} cannot be read`,
      instead: `Deploy the server anew, with all of its flags: incant deploy ${metadata.name}`,
      cause,
    })
  }
}

/** Flags with others over them: each that is given replaces the same one. */
export function mergeFlags(before: FlagValues, after: FlagValues): FlagValues {
  return new Map([...before, ...after])
}
