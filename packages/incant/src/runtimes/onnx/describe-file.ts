import { realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, resolve, sep } from 'node:path'
import { formatSize } from '../../units/quantities.ts'
import { refuseFile } from '../refuse-file.ts'
import type { ModelDescription, ModelOptions, ModelTensor } from '../runtime.ts'
import { ByteFile } from './byte-file.ts'
import { MessageError } from './protobuf.ts'
import { type ReadModel, type ReadProgress, readModel } from './read-model.ts'
import type { GraphValue } from './read-values.ts'

/**
 * Reads what an ONNX file declares. Its weights are passed over unread, so that a file of gigabytes takes as long as a small
 * one.
 *
 * @throws {StartupError} `invalid_model_file`
 */
export function describeFile(path: string, { maxSize }: ModelOptions): ModelDescription {
  const file = new ByteFile(path)
  try {
    refuseSize(path, file.size, maxSize)
    const model = readWhole(path, file)
    const size = [...model.externalFiles].reduce((sum, name) => sum + externalSize(path, name), file.size)
    refuseSize(path, size, maxSize)
    return toDescription(path, model)
  } finally {
    file.close()
  }
}

function refuseSize(path: string, size: number, maxSize: number): void {
  if (size <= maxSize) return
  const found = `has ${formatSize(size)}, with the files that it refers to, and at most ${formatSize(maxSize)} are read`
  throw refuseFile(path, found, { instead: 'Raise --max-model-size.' })
}

function readWhole(path: string, file: ByteFile): ReadModel {
  const progress: ReadProgress = { isModel: false }
  try {
    const model = readModel({ file, start: 0, end: file.size }, progress)
    if (model === undefined || !progress.isModel) throw notONNX(path, file)
    return model
  } catch (thrown) {
    if (!(thrown instanceof MessageError)) throw thrown
    if (!progress.isModel) throw notONNX(path, file)
    throw refuseFile(path, `is cut off or damaged: ${thrown.message}`, {
      instead: 'Copy the file again, all of it.',
      cause: thrown,
    })
  }
}

const LFS_POINTER = 'version https://git-lfs'

function notONNX(path: string, file: ByteFile): Error {
  if (file.size === 0) return refuseFile(path, 'is empty')
  const start = new TextDecoder().decode(file.read(0, Math.min(file.size, LFS_POINTER.length)))
  if (start === LFS_POINTER)
    return refuseFile(path, 'is a pointer of Git LFS, and not the model itself', {
      instead: 'Get the file: git lfs pull',
    })
  return refuseFile(path, 'is not an ONNX model', {
    instead: 'Export the model to ONNX, or name what runs its format: --runtime PACKAGE.',
  })
}

/** @throws {StartupError} for a path that leaves the folder of the model, also by a symbolic link. */
function externalSize(path: string, name: string): number {
  const folder = realpathSync(dirname(path))
  const given = resolve(folder, name)
  const isInside = (target: string): boolean => target.startsWith(folder + sep)
  if (isAbsolute(name) || !isInside(given)) throw leavesFolder(path, name)
  const found = statSync(given, { throwIfNoEntry: false })
  if (found?.isFile() !== true) {
    throw refuseFile(path, `has weights in ${JSON.stringify(name)}, and there is no such file`, {
      instead: 'Put it beside the model.',
    })
  }
  if (!isInside(realpathSync(given))) throw leavesFolder(path, name)
  return found.size
}

function leavesFolder(path: string, name: string): Error {
  return refuseFile(path, `has weights in ${JSON.stringify(name)}, which is outside its folder`, {
    instead: 'Save the model with its weights beside it, in one folder.',
  })
}

function toDescription(path: string, { inputs, outputs, description }: ReadModel): ModelDescription {
  const tensors = (values: readonly GraphValue[], kind: string) => values.map(value => toTensor(path, value, kind))
  if (outputs.length === 0) throw refuseFile(path, 'has no output')
  return {
    inputs: tensors(inputs, 'input'),
    outputs: tensors(outputs, 'output'),
    ...(description === '' ? {} : { description }),
  }
}

const MAP_ADVICE = 'Export the model with tensors as outputs; skl2onnx does so with the option zipmap=False.'

function toTensor(path: string, value: GraphValue, kind: string): ModelTensor {
  if (!('unfit' in value)) return value
  const { name, unfit } = value
  const isMap = kind === 'output' && /sequence|map/.test(unfit)
  throw refuseFile(path, `has the ${kind} ${JSON.stringify(name)}, which ${unfit}: only tensors can be served`, {
    instead: isMap ? MAP_ADVICE : 'Export the model with tensors of floats, integers, booleans or strings.',
  })
}
