import { BasePredictor, createApp, input, type PredictorClass, takes, withFullRequest } from 'incant'
import { testPredictor } from 'incant/testing'
import * as v from 'valibot'

class Plain extends BasePredictor {
  predict(payload: { text: string }): string {
    return payload.text
  }
}

class Static extends BasePredictor {
  static predict(payload: number): number {
    return payload
  }
}

class Configured extends BasePredictor<{ folder: string }> {
  constructor(config: { folder: string }) {
    super(config)
    this.config.folder satisfies string
    // @ts-expect-error: the configuration has a type
    void this.config.other
  }
  async *predict(_payload: unknown, _request: Request): AsyncGenerator<number> {}
}

class Bare extends BasePredictor {}

abstract class Unfinished extends BasePredictor {
  abstract predict(payload: unknown): unknown
}

createApp(Plain)
createApp(Static)
createApp(Configured, { config: { folder: '.' }, requestTimeout: '2s', maxBodySize: '1MiB' })
void testPredictor(Plain)
const several: readonly PredictorClass[] = [Plain, Static, Configured]
void several

// @ts-expect-error: no predict
createApp(Bare)
// @ts-expect-error: abstract
createApp(Unfinished)
// @ts-expect-error: an instance and no class
createApp(new Plain())
// @ts-expect-error: no predictor
createApp(class {})
// @ts-expect-error: no such option
createApp(Plain, { timeout: 5 })
// @ts-expect-error: a duration has a unit
createApp(Plain, { requestTimeout: '2 seconds' })

class Decorated extends BasePredictor {
  @takes('payload', 'request')
  @input(v.object({ text: v.string() }))
  predict(_payload: { text: string }, _request: Request): void {}

  @withFullRequest
  static other(_request: Request): void {}

  // @ts-expect-error: no such role
  @takes('body')
  wrong(): void {}

  // @ts-expect-error: a decorator of methods
  @withFullRequest
  field = 1
}
void Decorated
