import type { Cancellation } from '../../engine/cancellation.ts'
import type { PredictCall } from '../../engine/engine.ts'
import type { ModelCall } from '../../engine/model-call.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { PredictAnswer, PredictInput } from '../../http/predict-io.ts'
import { type InputPlan, planInput, readInput } from '../../http/read-input.ts'
import { webTransport } from '../../http/web-transport.ts'
import type { AppHost } from '../app-host.ts'
import { CallGraph } from './call-graph.ts'
import { endWith } from './end-with.ts'
import type { ServedModel } from './served-model.ts'
import { chooseVersion, type Splits } from './version-split.ts'

/** The models that may be called. */
export interface CallableModels {
  list(): readonly ServedModel[]
  readonly splits: Splits
}

/**
 * Calls of models by other models of the same server. What a predictor asks is read, validated, queued and bounded as a
 * request to `/models/NAME/predict` is; who calls was decided when the first call came in, so nobody is asked again.
 */
export class ModelCalls {
  readonly #models: CallableModels
  readonly #graph = new CallGraph()
  readonly #plans: WeakMap<AppHost, InputPlan> = new WeakMap()

  constructor(models: CallableModels) {
    this.#models = models
  }

  /** The code of a model has changed. */
  forget(id: string): void {
    this.#graph.forget(id)
  }

  /**
   * Calls a model on behalf of a call of another one: with its caller, its trace, and no longer than it.
   *
   * @param from - The id of the model that asks.
   * @throws {Error} Where there is no such model, the payload does not match, or the models would call each other in a circle.
   */
  async call(from: string, call: PredictCall, asked: ModelCall): Promise<PredictAnswer> {
    const model = this.#find(asked.model, call)
    this.#graph.add(from, model.id)
    const { host } = model
    const { lifecycle, engine, settings } = host
    if (call.cancellation.reason !== undefined) throw call.cancellation.reason
    engine.checkAdmission()
    const deadline = Math.min(call.deadline, performance.now() + settings.requestTimeout)
    const ends = endWith(call.cancellation, deadline)
    lifecycle.begin()
    const over = (): void => {
      ends.release()
      lifecycle.end()
    }
    try {
      const input = await this.#read(model, asked, ends.cancellation)
      const answer = await engine.predict(
        this.#makeCall({ model, call, asked, input, deadline, cancellation: ends.cancellation }),
      )
      return settled(answer, over)
    } catch (thrown) {
      over()
      throw blame(model.id, thrown)
    }
  }

  #find(name: string, { principal, id }: PredictCall): ServedModel {
    const models = this.#models.list()
    const versions = models.filter(model => model.name === name)
    const shares = this.#models.splits[name]
    const version = shares && chooseVersion(name, shares, principal?.id ?? id)
    const found = models.find(model => model.id === name) ?? versions.find(model => model.version === version)
    const chosen = found ?? versions[0]
    if (chosen !== undefined) return chosen
    throw new Error(`there is no model ${name}: the server has ${models.map(model => model.id).join(', ')}`)
  }

  #read(
    { id, host }: ServedModel,
    { body }: ModelCall,
    cancellation: Cancellation,
  ): PredictInput | Promise<PredictInput> {
    const headers = new Headers(body === undefined ? {} : { 'content-type': body.type })
    // The channel has made the bytes own their buffer.
    const sent = (body?.bytes ?? null) as Uint8Array<ArrayBuffer> | null
    const request = new Request(`http://models.local/models/${id}/predict`, { method: 'POST', headers, body: sent })
    return readInput(
      {
        headers,
        transport: webTransport(request),
        toRequest: () => request,
        signal: () => cancellation.signal,
        onCancel: listener => cancellation.onCancel(listener),
      },
      this.#planOf(host),
    )
  }

  #planOf(host: AppHost): InputPlan {
    const known = this.#plans.get(host)
    if (known !== undefined) return known
    const plan = planInput(host.signature, host.validator, { limits: host.settings, reader: host.reader })
    this.#plans.set(host, plan)
    return plan
  }

  #makeCall({ model, call, asked, input, deadline, cancellation }: Terms): PredictCall {
    const { tracing } = model.host
    const made: PredictCall = {
      id: call.id,
      input,
      deadline,
      cancellation,
      streamFormat: 'event-stream',
      answer: 'items',
      client: call.client,
      principal: call.principal,
      trace: asked.trace && tracing?.resume(asked.trace),
      callModel: further => this.call(model.id, made, further),
      defer: task => call.defer(task),
    }
    return made
  }
}

/** The parts of a call of a model. */
interface Terms {
  readonly model: ServedModel
  readonly call: PredictCall
  readonly asked: ModelCall
  readonly input: PredictInput
  readonly deadline: number
  readonly cancellation: Cancellation
}

/** The answer, and a word when nothing of it is left. */
function settled(answer: PredictAnswer, over: () => void): PredictAnswer {
  if (!('kind' in answer) || answer.kind !== 'items') {
    over()
    return answer
  }
  answer.returned.then(over, over)
  return answer
}

/** What the model that asks answers with, too: it can no more than the one that it needs. */
const PASSED_ON: ReadonlySet<string> = new Set([
  'starting',
  'unavailable',
  'draining',
  'queue_full',
  'deadline_exceeded',
  'client_closed',
  'interrupted',
])

/** A payload that does not match is the fault of the model that made it, and not of its caller. */
function blame(id: string, thrown: unknown): unknown {
  if (!(thrown instanceof RequestError) || PASSED_ON.has(thrown.code)) return thrown
  const places = (thrown.issues ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)
  const why = [thrown.code, ...places].join('; ')
  return new Error(`the model ${id} refused its payload: ${why}`, { cause: thrown })
}
