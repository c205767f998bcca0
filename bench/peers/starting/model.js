import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installWhenStale } from '../../../scripts/setup/install.js'
import { writeModel } from '../mlp/write-model.js'

const path = name => fileURLToPath(new URL(name, import.meta.url))

/** Gives the file of the classifier, made when it is not there, once what computes it in Node is installed. */
export function prepareModel() {
  installWhenStale(path('..'), { ONNXRUNTIME_NODE_INSTALL: 'skip' })
  mkdirSync(path('../.tmp'), { recursive: true })
  const model = path('../.tmp/classifier.onnx')
  if (!existsSync(model)) writeModel(model)
  return model
}
