import type { FaceSubject } from '../../faces/fit.ts'
import type { ModelInfo } from '../../predictor/model-info.ts'
import type { PredictSignature } from '../../signature/signature.ts'

/** A model as protocols see it. Its name is the one that it was given, else that of its file, else that of its class. */
export function nameSubject(given: Partial<ModelInfo> | undefined, signature: PredictSignature): FaceSubject {
  const { location, className } = signature
  const name = given?.name ?? fileName(location?.file) ?? className
  return { name, version: given?.version, signature }
}

/** `chat` of `models/chat.ts`, and `scores` of `models/scores.onnx`. */
function fileName(path: string | undefined): string | undefined {
  return path === undefined ? undefined : /([^/\\]+?)(?:\.\w+)?$/.exec(path)?.[1]
}
