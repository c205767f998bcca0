import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PredictSignature, StartupError } from 'incant'
import { Compiler } from '../../src/signature/compiler/compiler.ts'
import { readSignaturesWith } from '../../src/signature/read-and-check.ts'
import type { SignatureReading } from '../../src/signature/read-signatures.ts'
import { temporaryFolder } from '../temporary-folder.ts'

// One process for all files of tests: to start it and to read the language's own types takes most of the time.
const compiler = new Compiler(tmpdir())
process.once('exit', () => compiler.end())

/** Reads one file of a project that exists for the test alone; the first one unless another is named. */
export function read(
  files: Readonly<Record<string, string>>,
  options: { readonly file?: string; readonly className?: string; readonly all?: boolean } = {},
): SignatureReading {
  const { file = Object.keys(files)[0] ?? '', ...rest } = options
  const path = join(temporaryFolder(files), file)
  return readSignaturesWith((path, use) => compiler.open(path, use), { file: path, ...rest })
}

const IMPORT = "import { BackgroundTasks, BasePredictor, type PredictContext } from 'incant'\n"

/** Reads a predictor whose file is an import and this source. */
export function readSource(source: string): SignatureReading & { readonly signature: PredictSignature } {
  const reading = read({ 'predictor.ts': `${IMPORT}${source}` })
  const [signature] = reading.signatures
  if (signature === undefined) throw new Error('nothing was read')
  return { ...reading, signature }
}

/** What a start is refused with, its place relative to the file. */
export interface Refusal {
  readonly code: string
  readonly at: string
  readonly message: string
}

/** Runs a reading that must be refused. */
export function refusalOf(run: () => unknown): Refusal {
  try {
    run()
  } catch (error) {
    if (!StartupError.is(error)) throw error
    const { file = '', line, column } = error.location ?? {}
    const at = [file.split('/').at(-1), line, column].filter(part => part !== undefined).join(':')
    return { code: error.code, at, message: `${error.found}\n${error.instead}` }
  }
  throw new Error('the start was not refused')
}

/** What the start is refused with for this source: line 1 is the import. */
export function refusalOfSource(source: string): Refusal {
  return refusalOf(() => readSource(source))
}
