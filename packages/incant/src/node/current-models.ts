import type { AppHost } from '../app/app-host.ts'
import type { ModelsApp } from '../app/models/models-app.ts'
import { type ServedModel, servedModel } from '../app/models/served-model.ts'
import type { Logger } from '../log/logger.ts'
import { CurrentApp, type ServedLife } from './current-app.ts'

/** The models of a server as they are now, each beside those that it replaced and that finish what they have begun. */
export class CurrentModels implements Omit<ServedLife, 'ready'> {
  readonly app: ModelsApp
  readonly #current: ReadonlyMap<string, CurrentApp<AppHost>>

  /** @param loggerOf - Where what goes wrong with a model is written. */
  constructor(app: ModelsApp, loggerOf: (model: ServedModel) => Logger) {
    this.app = app
    this.#current = new Map(app.list().map(model => [model.id, new CurrentApp(model.host, loggerOf(model))]))
  }

  get state(): ServedLife['state'] {
    return this.app.state
  }

  get unfinished(): number {
    return this.#all.reduce((sum, { unfinished }) => sum + unfinished, this.app.unfinished)
  }

  /**
   * Puts another host in the place of a model's, once it is ready.
   *
   * @throws {StartupError} What kept it from being ready; the former one then goes on.
   */
  async replace({ id, name, version }: ServedModel, host: AppHost): Promise<void> {
    await this.#current.get(id)?.replace(host, () => this.app.replace(servedModel({ name, version }, host)))
  }

  drain(): void {
    this.app.drain()
    for (const current of this.#all) current.drain()
  }

  async stop(): Promise<void> {
    await Promise.all([this.app.stop(), ...this.#all.map(current => current.stop())])
  }

  async close(): Promise<void> {
    // One that does not close in order keeps no other from it.
    const closed = await Promise.allSettled([this.app.close(), ...this.#all.map(current => current.close())])
    const failed = closed.find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }

  get #all(): readonly CurrentApp<AppHost>[] {
    return [...this.#current.values()]
  }
}
