import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { StartupError } from '../../errors/startup-error.ts'
import { refuseFile } from '../refuse-file.ts'
import type { AnyTensor, ModelOptions, ModelRuntime, NamedTensors, RunningModel } from '../runtime.ts'
import { describeFile } from './describe-file.ts'
import { fromRuntimeName, toRuntimeName } from './element-types.ts'

const PACKAGE = 'onnxruntime-node'

/** The part of the package that is used. It is an optional peer, so its types cannot be imported. */
interface RuntimeModule {
  readonly InferenceSession: { create(path: string, options: object): Promise<Session> }
  readonly Tensor: new (type: string, data: unknown, shape: readonly number[]) => SessionTensor
}

interface Session {
  run(feeds: Readonly<Record<string, SessionTensor>>): Promise<Readonly<Record<string, SessionTensor>>>
  release(): Promise<void>
}

interface SessionTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: unknown
}

/** Runs ONNX files with `onnxruntime-node`, where that is installed. */
export const ONNX_RUNTIME: ModelRuntime = {
  name: 'onnx',
  extensions: ['.onnx'],
  describe: describeFile,
  check: file => void locate(file),
  open,
}

/** Beside the model, or where the server is started. */
function locate(file: string): string {
  for (const from of [file, join(process.cwd(), 'index.js')]) {
    try {
      return createRequire(from).resolve(PACKAGE)
    } catch {
      // It may be at the other place.
    }
  }
  throw new StartupError({
    code: 'runtime_missing',
    found: `ONNX files need the package ${PACKAGE}, which is installed neither in ${dirname(file)} nor in ${process.cwd()}`,
    instead: `Install it: npm install ${PACKAGE}`,
  })
}

/** What goes wrong is thrown, so that the runtime need not write it to standard error, too. */
const FATAL = 4

async function open(file: string, { threads }: ModelOptions): Promise<RunningModel> {
  const runtime = load(locate(file))
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: FATAL }
  const session = await runtime.InferenceSession.create(file, options).catch(thrown => refuse(file, thrown))
  return {
    run: async inputs => fromFeeds(await session.run(toFeeds(runtime, inputs))),
    close: () => session.release(),
  }
}

function load(path: string): RuntimeModule {
  try {
    // What it exports is its documented interface.
    return createRequire(path)(path) as RuntimeModule
  } catch (cause) {
    throw new StartupError({
      code: 'runtime_missing',
      found: `${PACKAGE} cannot be loaded: ${describeThrown(cause).message}`,
      instead: `It has no binaries for this system, or they are damaged. Install it again: npm install ${PACKAGE}`,
      cause,
    })
  }
}

function refuse(file: string, thrown: unknown): never {
  const { message } = describeThrown(thrown)
  const newer = describeNewer(message)
  if (newer === undefined) throw refuseFile(file, `is refused by ${PACKAGE}: ${message}`, { cause: thrown })
  const instead = `Export it with an older opset version, or install a newer runtime: npm install ${PACKAGE}@latest`
  throw refuseFile(file, newer, { instead, cause: thrown })
}

/** What a file has that came after the runtime, by the words of the runtime. */
function describeNewer(message: string): string | undefined {
  const opset = /Opset (\d+) is under development.* domain (\S+) is till opset (\d+)/s.exec(message)
  if (opset !== null)
    return `needs opset ${opset[1]} of ${opset[2]}, and ${PACKAGE} as installed has opsets up to ${opset[3]}`
  const format = /model IR version: (\d+), max supported IR version: (\d+)/.exec(message)
  if (format === null) return undefined
  return `is written in version ${format[1]} of ONNX, and ${PACKAGE} as installed reads versions up to ${format[2]}`
}

function toFeeds(runtime: RuntimeModule, inputs: NamedTensors): Readonly<Record<string, SessionTensor>> {
  const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toSessionTensor(runtime, tensor)] as const)
  return Object.fromEntries(feeds)
}

function toSessionTensor({ Tensor }: RuntimeModule, { datatype, shape, data }: AnyTensor): SessionTensor {
  const elements = datatype === 'BOOL' ? Uint8Array.from(data, Number) : data
  return new Tensor(toRuntimeName(datatype), elements, shape)
}

function fromFeeds(results: Readonly<Record<string, SessionTensor>>): NamedTensors {
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromSessionTensor(name, tensor)]))
}

function fromSessionTensor(name: string, { type, dims, data }: SessionTensor): AnyTensor {
  const datatype = fromRuntimeName(type)
  if (datatype === undefined) throw new TypeError(`${PACKAGE} gave a tensor of ${type} for ${name}`)
  // The runtime gives each type in its own class of array.
  return { datatype, shape: [...dims], data: toElements(datatype, data) } as AnyTensor
}

function toElements(datatype: string, data: unknown): unknown {
  if (datatype === 'BOOL') return Array.from(data as Uint8Array, bit => bit === 1)
  // A newer Node has floats of 16 bits; here they are their bits.
  if (datatype !== 'FP16' || data instanceof Uint16Array || !ArrayBuffer.isView(data)) return data
  return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
}
