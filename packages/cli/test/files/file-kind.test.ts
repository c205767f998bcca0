import { expect, it } from 'vitest'
import { MODEL_EXTENSIONS } from '../../../incant/src/runtimes/find-runtime.ts'
import { isKnownModelFile, isSourceFile } from '../../src/files/file-kind.ts'

it('knows the model files that a runtime of ours runs, and no others', () => {
  for (const extension of MODEL_EXTENSIONS) expect(isKnownModelFile(`model${extension}`)).toBe(true)
  expect(isKnownModelFile('MODEL.ONNX')).toBe(true)
  for (const name of ['p.ts', 'model.onnx.json', 'model.tflite', 'onnx']) expect(isKnownModelFile(name)).toBe(false)
  for (const name of ['p.ts', 'p.mjs', 'p.cts']) expect(isSourceFile(name)).toBe(true)
  expect(isSourceFile('model.onnx')).toBe(false)
})
