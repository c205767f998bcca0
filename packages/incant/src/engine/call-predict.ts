import { ReceivedFields } from '../http/form/received-fields.ts'
import { ReceivedForm } from '../http/form/received-form.ts'
import { callLogger } from '../log/call-logger.ts'
import type { Logger } from '../log/logger.ts'
import { BackgroundTasks } from '../predictor/background-tasks.ts'
import type { PredictContext } from '../predictor/context.ts'
import type { ModelInfo } from '../predictor/model-info.ts'
import type { Role } from '../signature/signature.ts'
import type { BoundPredict } from './bind-predict.ts'
import { modelsOf } from './call-models.ts'
import type { PredictCall } from './engine.ts'
import { reportingLogger } from './reporting-logger.ts'

/** A loaded predictor, and everything that its calls need. */
export interface PredictHost {
  readonly predict: BoundPredict
  /** The arguments, in order. */
  readonly roles: readonly Role[]
  readonly modelInfo: ModelInfo
  readonly logger: Logger
}

/** Runs the predictor's code in a context from which its call is known. */
export type Scope = <Result>(work: () => Result) => Result

/** Calls predict with each parameter's value in its place. */
export function callPredict(host: PredictHost, call: PredictCall, scope: Scope): unknown {
  // The roles come from the signature of this very method.
  const parameters = host.roles.map(role =>
    role === 'tasks' ? collectTasks(call, scope) : toArgument(role, host, call),
  ) as never[]
  return host.predict(parameters, call)
}

function collectTasks(call: PredictCall, scope: Scope): BackgroundTasks {
  return new BackgroundTasks(task => call.defer(() => scope(task)))
}

function toArgument(role: Role, host: PredictHost, call: PredictCall): unknown {
  switch (role) {
    case 'request':
      return call.input.request
    case 'context':
      return makeContext(host, call)
    default:
      return toPredictValue(call.input.body)
  }
}

/** A form is plain data until predict gets it. */
function toPredictValue(body: unknown): unknown {
  if (body instanceof ReceivedForm) return body.toFormData()
  return body instanceof ReceivedFields ? body.toObject() : body
}

function makeContext(host: PredictHost, call: PredictCall): PredictContext {
  return {
    requestId: call.id,
    // Created on demand: most predictors use only other members of the context.
    get signal() {
      return call.cancellation.signal
    },
    deadline: new Date(Date.now() + call.deadline - performance.now()),
    principal: call.principal,
    client: call.client,
    log: callLogger(reportingLogger(host.logger, call.report), call.id),
    modelInfo: host.modelInfo,
    get models() {
      return modelsOf(call)
    },
  }
}
