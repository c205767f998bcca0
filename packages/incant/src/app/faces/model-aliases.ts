import { StartupError } from '../../errors/startup-error.ts'
import { formatModelId, type ModelName } from '../../predictor/model-id.ts'

/** A model, and the option `modelAliases` as it has it. */
export interface AliasedModel extends ModelName {
  readonly modelAliases: readonly string[]
}

/** `ALIAS`, or `ALIAS=MODEL` where the option is for several models. */
interface Alias {
  readonly alias: string
  /** `NAME` or `NAME:VERSION`. Undefined: each model that has the option. */
  readonly target: string | undefined
}

/** The names that a model has on other protocols, beside its own. */
export function aliasesOf({ modelAliases, ...model }: AliasedModel): readonly string[] {
  return modelAliases.map(readAlias).flatMap(({ alias, target }) => (isMeant(model, target) ? [alias] : []))
}

/**
 * Refuses aliases that lead to no model, or to more than one. The versions of a model may share one: it means what the name
 * of the model means.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function checkAliases(models: readonly AliasedModel[]): void {
  const names = new Set(models.flatMap(model => [model.name, formatModelId(model)]))
  const owners = new Map<string, string>()
  for (const entry of new Set(models.flatMap(({ modelAliases }) => modelAliases))) {
    const { alias, target } = readAlias(entry)
    if (alias === '' || alias.trim() !== alias || target === '') throw refuse(`the model alias ${quote(entry)}`, FORM)
    if (target !== undefined && !names.has(target))
      throw refuse(`the model alias ${quote(entry)} names the model ${target}`, `The models are ${list(names)}.`)
    if (names.has(alias))
      throw refuse(`the model alias ${quote(alias)} is the name of a model`, 'Choose another alias.')
  }
  for (const model of models) {
    for (const alias of aliasesOf(model)) {
      const owner = owners.get(alias) ?? model.name
      owners.set(alias, owner)
      if (owner !== model.name)
        throw refuse(`the model alias ${quote(alias)} is for ${owner} and ${model.name}`, `Write ${alias}=${owner}.`)
    }
  }
}

const FORM = 'Write ALIAS, or ALIAS=MODEL on a server with several models.'

function readAlias(entry: string): Alias {
  const mark = entry.lastIndexOf('=')
  return mark === -1
    ? { alias: entry, target: undefined }
    : { alias: entry.slice(0, mark), target: entry.slice(mark + 1) }
}

function isMeant(model: ModelName, target: string | undefined): boolean {
  return target === undefined || target === model.name || target === formatModelId(model)
}

function quote(text: string): string {
  return JSON.stringify(text)
}

function list(names: ReadonlySet<string>): string {
  return [...names].join(', ')
}

function refuse(found: string, instead: string): StartupError {
  return new StartupError({ code: 'invalid_option', found, instead })
}
