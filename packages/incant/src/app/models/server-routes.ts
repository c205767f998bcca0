import { describeSecurity } from '../../auth/admission/security.ts'
import { RequestError } from '../../errors/request-error.ts'
import { RETRY_SOON } from '../../errors/retry-soon.ts'
import type { Answer } from '../../http/answer.ts'
import { type DescribedModel, describeModels } from '../../openapi/describe-models.ts'
import type { Exchange } from '../exchange.ts'
import { describeFaces } from '../faces/describe-faces.ts'
import { isReady } from '../is-ready.ts'
import type { LifecycleState } from '../lifecycle.ts'
import { describeHealth, type HealthDetails, respondJSON } from '../routes.ts'
import { answerDocument, type WrittenDocument, writeDocument } from '../written-document.ts'
import type { ServedModel } from './served-model.ts'

/** The current models of a server, for its routes. */
export interface ServerModels {
  /** The same array until one of them changes. */
  list(): readonly ServedModel[]
  state(): LifecycleState
}

/**
 * Whether a call of some model would be taken now. One that dies again and again says so at its own `/ready`: it does not
 * take the others from the callers.
 */
export function serverReady(exchange: Exchange, { list, state: stateOf }: ServerModels): Answer {
  const state = stateOf()
  if (state === 'starting') throw new RequestError('starting', RETRY_SOON)
  if (state === 'failed') throw new RequestError('unavailable', RETRY_SOON)
  if (state !== 'ready') throw new RequestError('draining', RETRY_SOON)
  if (list().some(({ host }) => isReady(host))) return respondJSON(exchange, { status: 'ready' })
  throw new RequestError('unavailable', RETRY_SOON)
}

/** The health of a model; undefined if it is unhealthy or cannot be reached. */
interface ModelHealth {
  readonly id: string
  readonly health: unknown
  readonly details: HealthDetails | undefined
}

/** `ok` where every model is well, `degraded` where some are; 503 where none is. What each says is at its own path. */
export async function serverHealth(exchange: Exchange, { list }: ServerModels): Promise<Answer> {
  const models = await Promise.all(list().map(askHealth))
  const well = models.filter(({ health }) => health !== undefined)
  if (well.length === 0) throw new RequestError('unavailable', RETRY_SOON)
  const status = well.length === models.length ? 'ok' : 'degraded'
  const detailed = models.filter(({ details }) => details !== undefined)
  if (detailed.length === 0) return respondJSON(exchange, { status })
  const described = detailed.map(({ id, health = null, details }) => [id, { health, ...details }])
  return respondJSON(exchange, { status, models: Object.fromEntries(described) })
}

async function askHealth({ id, host }: ServedModel): Promise<ModelHealth> {
  const health = await host.engine.health().catch(() => undefined)
  return { id, health, details: describeHealth(host) }
}

/** Documents that are kept: one for each set of models that some caller may see. */
const MOST_DOCUMENTS = 16

/**
 * `GET /openapi.json` of all models together. A model that a caller may not call is not in the document that it gets,
 * unless an option says otherwise; a caller who may call none of them is refused as the first one refuses.
 */
export function serverDocument({ list }: ServerModels): (exchange: Exchange) => Promise<Answer> {
  const documents = new Map<string, WrittenDocument>()
  let described = list()
  return async exchange => {
    const all = list()
    const models = await listVisible(all, exchange)
    // A reload may have changed any of them.
    if (all !== described) documents.clear()
    described = all
    const key = models.map(({ id }) => id).join(' ')
    const written = documents.get(key) ?? (await writeDocument(describeModels(models.map(toDescribed))))
    // A reload meanwhile has begun another collection.
    if (all === described && documents.size < MOST_DOCUMENTS) documents.set(key, written)
    return answerDocument(exchange, written)
  }
}

async function listVisible(models: readonly ServedModel[], exchange: Exchange): Promise<readonly ServedModel[]> {
  const asked = await Promise.allSettled(models.map(model => admit(model, exchange)))
  const visible = models.filter((_, index) => asked[index]?.status === 'fulfilled')
  const refused = asked.find(({ status }) => status === 'rejected')
  if (visible.length === 0 && refused?.status === 'rejected') throw refused.reason
  return visible
}

async function admit({ host: { authenticator, settings } }: ServedModel, exchange: Exchange): Promise<void> {
  // Credentials in a payload cannot be sent here, and then there are none.
  if (!settings.publicOpenapi) (await authenticator.admit(exchange)).complete()
}

function toDescribed({ id, name, version, host }: ServedModel): DescribedModel {
  const { signature, authenticator, settings } = host
  const protocols = describeFaces(host, { name, version, signature }, id)
  return {
    id,
    version,
    signature,
    protocols,
    security: describeSecurity(authenticator),
    maxBodySize: settings.maxBodySize,
  }
}
