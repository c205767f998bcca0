import type { Admission } from '../../auth/admission/admission.ts'
import type { FaceExchange } from '../../faces/exchange.ts'
import type { FaceSubject } from '../../faces/fit.ts'
import type { JobsOfModel } from '../../faces/jobs-of-model.ts'
import type { FaceAnswer, FaceCallOptions, FaceModel, FaceModels } from '../../faces/model.ts'
import { admitExchange } from '../admit-exchange.ts'
import type { Exchange } from '../exchange.ts'
import { isReady } from '../is-ready.ts'
import type { RouteHost } from '../route-host.ts'
import { answerOfFace } from './answer-of-face.ts'
import type { CallModel, ModelCall } from './call-model.ts'
import { OpenCalls } from './open-calls.ts'

/** A model of the server as faces know it. */
export interface ServedSubject extends FaceSubject {
  readonly host: RouteHost
  /** Other names of it. */
  readonly aliases: readonly string[]
  readonly created: number
  /** Its name in the log, on a server with several models. */
  readonly id?: string | undefined
  readonly call: CallModel
}

/** The models of a server that fit a protocol, before it is known who calls them. */
export interface ServedModels {
  /** Asked for with each request, since a reload may replace them. */
  models(): readonly ServedSubject[]
  /** Chooses the version that a name without one leads to. Default: the first. */
  readonly choose?: ChooseVersion | undefined
  /** Whether the server would take a call now. */
  isReady(): boolean
}

/** The models of a server, as the caller of one exchange sees them. Each model admits the caller once. */
export class ModelsOfCaller implements FaceModels {
  readonly #models: readonly ModelOfCaller[]
  readonly #subjects: readonly ServedSubject[]
  readonly #exchange: Exchange
  readonly #server: ServedModels

  /** @param subjects - Default: those of the server. */
  constructor(exchange: Exchange, server: ServedModels, subjects: readonly ServedSubject[] = server.models()) {
    const calls = new OpenCalls(exchange)
    this.#subjects = subjects
    this.#models = this.#subjects.map(subject => new ModelOfCaller(subject, exchange, calls))
    this.#exchange = exchange
    this.#server = server
  }

  get only(): FaceModel | undefined {
    return this.#models.length === 1 ? this.#models[0] : undefined
  }

  get isReady(): boolean {
    return this.#server.isReady()
  }

  get issuers(): readonly string[] {
    return listIssuers(this.#subjects)
  }

  find(name: string): FaceModel | undefined {
    return this.#find(name)?.note()
  }

  #find(name: string): ModelOfCaller | undefined {
    const exact = this.#models.find(model => model.version !== undefined && `${model.name}:${model.version}` === name)
    if (exact !== undefined) return exact
    const versions = this.#models.filter(model => model.name === name || model.aliases.includes(name))
    const [first] = versions
    if (first === undefined || versions.length === 1) return first
    const chosen = this.#server.choose?.(first.name, this.#exchange.principal?.id ?? this.#exchange.id)
    return versions.find(({ version }) => version === chosen) ?? first
  }

  async list(): Promise<readonly FaceModel[]> {
    const open = await Promise.all(this.#models.map(model => model.isOpen()))
    return this.#models.filter((_, index) => open[index] === true)
  }

  /**
   * Lets the caller in whom at least one model admits.
   *
   * @throws {RequestError} The refusal of the first model, where none does.
   */
  async admitToSome(): Promise<void> {
    const [first, ...others] = this.#models
    // Which of several is meant is not known yet: asking counts nothing, neither a call nor a failure.
    if (others.length > 0) for (const model of this.#models) if (await model.isOpen()) return
    await first?.admit()
  }

  /** Refuses what the one model that can be meant has no place for. */
  checkAdmission(): void {
    if (this.#models.length === 1) this.#models[0]?.checkAdmission()
  }
}

/** The authorization servers whose tokens models take. */
export function listIssuers(subjects: readonly ServedSubject[]): readonly string[] {
  const strategies = subjects.flatMap(({ host }) => host.authenticator.strategies)
  return [...new Set(strategies.flatMap(({ issuers = [] }) => issuers))]
}

/** The version that a caller gets of a model that has several. */
export type ChooseVersion = (name: string, key: string) => string | undefined

const YES_OR_NO = [() => true, () => false] as const

class ModelOfCaller implements FaceModel {
  readonly name: string
  readonly version: string | undefined
  readonly signature: FaceModel['signature']
  readonly aliases: readonly string[]
  readonly created: number
  readonly #subject: ServedSubject
  readonly #exchange: Exchange
  readonly #calls: OpenCalls
  #admission: Promise<Admission> | undefined

  constructor(subject: ServedSubject, exchange: Exchange, calls: OpenCalls) {
    this.name = subject.name
    this.version = subject.version
    this.signature = subject.signature
    this.aliases = subject.aliases
    this.created = subject.created
    this.#subject = subject
    this.#exchange = exchange
    this.#calls = calls
  }

  /** @throws {RequestError} Where the model does not admit the caller. */
  admit(): Promise<Admission> {
    this.#admission ??= this.#admit()
    return this.#admission
  }

  get jobs(): JobsOfModel | undefined {
    return this.#subject.host.jobs?.service
  }

  get isReady(): boolean {
    return isReady(this.#subject.host)
  }

  checkAdmission(): void {
    this.#subject.host.engine.checkAdmission()
  }

  /** Whether the model would admit the caller. */
  async isOpen(): Promise<boolean> {
    if (this.#admission !== undefined) return this.#admission.then(...YES_OR_NO)
    const found = await this.#subject.host.authenticator.recognize(this.#exchange)
    if (found?.principal !== undefined) this.#exchange.identify(found.principal)
    return found !== undefined
  }

  async #admit(): Promise<Admission> {
    return admitExchange(this.#exchange, this.#subject.host)
  }

  /** Notes that the request is for this model, also where it is refused then. */
  note(): this {
    const { id, host } = this.#subject
    if (id !== undefined) this.#exchange.model = { id, recorder: host.recorder }
    return this
  }

  async call({ id }: FaceExchange, payload: unknown, options: FaceCallOptions): Promise<FaceAnswer> {
    this.note()
    const principal = (await this.admit()).complete()
    const cancellation = this.#calls.begin(options.cancellation)
    const onOver = (): void => this.#calls.end(cancellation)
    try {
      const { answer } = options
      const output = await this.#subject.call({ ...this.#terms(), id, payload, answer, cancellation, principal })
      return answerOfFace(output, { cancellation, onOver })
    } catch (thrown) {
      onOver()
      throw thrown
    }
  }

  #terms(): Pick<ModelCall, 'deadline' | 'client' | 'trace' | 'defer'> {
    const exchange = this.#exchange
    return {
      deadline: exchange.setDeadline(this.#subject.host.settings.requestTimeout),
      client: { address: exchange.address },
      trace: exchange.trace,
      defer: task => exchange.defer(task),
    }
  }
}
