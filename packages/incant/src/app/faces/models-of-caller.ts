import type { Admission } from '../../auth/admission/admission.ts'
import type { FaceExchange } from '../../faces/exchange.ts'
import type { FaceSubject } from '../../faces/fit.ts'
import type { FaceAnswer, FaceCallOptions, FaceModel, FaceModels } from '../../faces/model.ts'
import { admitExchange } from '../admit-exchange.ts'
import type { Exchange } from '../exchange.ts'
import type { RouteHost } from '../route-host.ts'
import { answerOfFace } from './answer-of-face.ts'
import type { CallModel } from './call-model.ts'

/** A model of the server as faces know it. */
export interface ServedSubject extends FaceSubject {
  readonly host: RouteHost
  readonly created: number
  readonly call: CallModel
}

/** The models of a server, as the caller of one exchange sees them. Each model admits the caller once. */
export class ModelsOfCaller implements FaceModels {
  readonly #models: readonly ModelOfCaller[]

  constructor(exchange: Exchange, subjects: readonly ServedSubject[]) {
    this.#models = subjects.map(subject => new ModelOfCaller(subject, exchange))
  }

  get only(): FaceModel | undefined {
    return this.#models.length === 1 ? this.#models[0] : undefined
  }

  find(name: string): FaceModel | undefined {
    return this.#models.find(model => isNamed(model, name))
  }

  async list(): Promise<readonly FaceModel[]> {
    const asked = await Promise.allSettled(this.#models.map(model => model.admit()))
    return this.#models.filter((_, index) => asked[index]?.status === 'fulfilled')
  }

  /**
   * Lets the caller in whom at least one model admits.
   *
   * @throws {RequestError} The refusal of the first model, where none does.
   */
  async admitToSome(): Promise<void> {
    let refusal: { readonly thrown: unknown } | undefined
    for (const model of this.#models) {
      try {
        await model.admit()
        return
      } catch (thrown) {
        refusal ??= { thrown }
      }
    }
    if (refusal !== undefined) throw refusal.thrown
  }

  /** Refuses what the one model that can be meant has no place for. */
  checkAdmission(): void {
    if (this.#models.length === 1) this.#models[0]?.checkAdmission()
  }
}

/** `NAME:VERSION`, or the name alone. */
function isNamed({ name, version }: FaceSubject, given: string): boolean {
  return given === name || (version !== undefined && given === `${name}:${version}`)
}

class ModelOfCaller implements FaceModel {
  readonly name: string
  readonly version: string | undefined
  readonly signature: FaceModel['signature']
  readonly created: number
  readonly #subject: ServedSubject
  readonly #exchange: Exchange
  #admission: Promise<Admission> | undefined

  constructor(subject: ServedSubject, exchange: Exchange) {
    this.name = subject.name
    this.version = subject.version
    this.signature = subject.signature
    this.created = subject.created
    this.#subject = subject
    this.#exchange = exchange
  }

  /** @throws {RequestError} Where the model does not admit the caller. */
  admit(): Promise<Admission> {
    this.#admission ??= this.#admit()
    return this.#admission
  }

  checkAdmission(): void {
    this.#subject.host.engine.checkAdmission()
  }

  async #admit(): Promise<Admission> {
    return admitExchange(this.#exchange, this.#subject.host)
  }

  async call({ id }: FaceExchange, payload: unknown, options: FaceCallOptions): Promise<FaceAnswer> {
    const exchange = this.#exchange
    const { requestTimeout } = this.#subject.host.settings
    const principal = (await this.admit()).complete()
    const { answer, cancellation = exchange.cancellation } = options
    if (cancellation !== exchange.cancellation) exchange.cancellation.onCancel(reason => cancellation.cancel(reason))
    const output = await this.#subject.call({
      id,
      payload,
      answer,
      deadline: exchange.setDeadline(requestTimeout),
      cancellation,
      client: { address: exchange.address },
      principal,
      trace: exchange.trace,
      defer: task => exchange.defer(task),
    })
    return answerOfFace(output, cancellation)
  }
}
