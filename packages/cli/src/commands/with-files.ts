import { formatModelId, StartupError } from 'incant/internal/signature'
import type { Settings } from '../arguments/settings.ts'
import type { Target } from '../arguments/target.ts'
import type { ModelEntry } from '../config/settings-file.ts'
import type { FileFinder } from '../models/find-files.ts'
import type { ServePlan } from './plan-serve.ts'

/**
 * Follows a plan with the files of the models that it names, which stay in place meanwhile.
 *
 * @throws {StartupError} `model_not_found`, `model_damaged`, `invalid_model`, `invalid_option`, `permission_denied`.
 */
export async function withFiles<Result>(
  plan: ServePlan,
  environment: NodeJS.ProcessEnv,
  run: (plan: ServePlan) => Promise<Result>,
): Promise<Result> {
  if (!namesFiles(plan)) return run(plan)
  const { FileFinder } = await import('../models/find-files.ts')
  const { userStore } = await import('../models/store/layout.ts')
  const finder = new FileFinder(userStore(environment))
  try {
    return await run(await addFiles(plan, finder))
  } finally {
    await finder.end()
  }
}

/** The store is loaded where there is something to find. */
function namesFiles(plan: ServePlan): boolean {
  const wants = ({ wanted }: Target, { modelPath }: Pick<Settings, 'modelPath'>): boolean =>
    wanted !== undefined || modelPath !== undefined
  if (plan.kind === 'one') return wants(plan.target, plan.settings)
  return plan.models.some(({ target, modelPath }) => wants(target, { modelPath }))
}

async function addFiles(plan: ServePlan, finder: FileFinder): Promise<ServePlan> {
  const { settings } = plan
  if (plan.kind === 'one') return { ...plan, target: nameFound(await find(plan.target, settings, finder)) }
  const models: ModelEntry[] = []
  for (const entry of plan.models) {
    const target = await find(entry.target, { ...settings, modelPath: entry.modelPath }, finder)
    models.push({ ...entry, target: nameFound(target) })
  }
  refuseTwice(models)
  return { ...plan, models }
}

async function find<Named extends Target>(
  target: Named,
  { modelPath: path, trustModelFiles: isTrusted }: Pick<Settings, 'modelPath' | 'trustModelFiles'>,
  finder: FileFinder,
): Promise<Named> {
  const modelInfo = await finder.find({ versions: target.wanted ?? [], path, isTrusted })
  return modelInfo === undefined ? target : { ...target, modelInfo }
}

/** A tag is served as the version that it points to: it may move while the server runs. */
function nameFound<Named extends Target>(target: Named): Named {
  const { model, wanted = [], modelInfo } = target
  const isNamed = model !== undefined && wanted[0]?.name === model.name && modelInfo?.version !== undefined
  return isNamed ? { ...target, model: { name: model.name, version: modelInfo.version } } : target
}

function refuseTwice(models: readonly ModelEntry[]): void {
  const ids = models.map(({ target }) => formatModelId(target.model))
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice === undefined) return
  throw new StartupError({
    code: 'invalid_option',
    found: `two models are ${twice}`,
    instead: 'A tag is served as the version that it points to: name another version, or leave one out.',
  })
}
