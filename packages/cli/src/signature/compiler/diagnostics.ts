import { readFileSync } from 'node:fs'
import { StartupError, type StartupProblem } from 'incant/internal/signature'
import { type Compilation, type Diagnostic, DiagnosticCategory, type Node } from './compiler.ts'
import { diagnosticText, locateDiagnostic, writtenRange } from './location.ts'
import type { SignatureWarning } from './warning.ts'

/** @throws StartupError where the file does not parse. */
export function checkSyntax({ written, file }: Compilation): void {
  const [first] = written.getSyntacticDiagnostics(file).filter(isError)
  if (first === undefined) return
  throw new StartupError({
    code: 'syntax_error',
    found: first.text,
    instead: 'Fix the syntax; nothing else in the file can be checked until then.',
    location: locateDiagnostic(written, first),
  })
}

/**
 * Runs a reading, and throws the type errors in declarations that it touched, before what else the reading found: they
 * may be the cause.
 */
export function refuseTypeErrors<Result>(
  compilation: Compilation,
  touched: ReadonlySet<Node>,
  read: () => Result,
): Result {
  try {
    const result = read()
    checkTouched(compilation, touched)
    return result
  } catch (error) {
    if (!StartupError.is(error) || error.code !== 'signature_type_error') throw error
    const besides = error.problems.filter(({ code }) => code !== 'signature_type_error')
    checkTouched(compilation, touched, besides)
    checkImports(compilation, touched)
    throw error
  }
}

function checkTouched(
  compilation: Compilation,
  touched: ReadonlySet<Node>,
  besides: readonly StartupProblem[] = [],
): void {
  const found = [...byFile(touched)].flatMap(([path, nodes]) => {
    const ranges = nodes.map(writtenRange)
    const isTouched = ({ pos }: Diagnostic) => ranges.some(range => range.pos <= pos && pos < range.end)
    return typeErrorsOf(compilation, path).filter(isTouched)
  })
  const [first, ...others] = found.flatMap(diagnostic => typeError(compilation, diagnostic).problems)
  if (first !== undefined) throw new StartupError({ ...first, others: [...others, ...besides] })
}

/** A missing import is reported at the import, not at its uses. */
function checkImports(compilation: Compilation, touched: ReadonlySet<Node>): void {
  const errors = [...byFile(touched).keys()].flatMap(path => typeErrorsOf(compilation, path))
  const found = errors.find(({ code }) => IMPORT_ERRORS.includes(code))
  if (found !== undefined) throw typeError(compilation, found)
}

/** The first import of a file that finds nothing: a class whose base was not imported is no predictor. */
export function importError(compilation: Compilation): StartupError | undefined {
  const errors = typeErrorsOf(compilation, compilation.file)
  const found = errors.find(({ code }) => IMPORT_ERRORS.includes(code))
  return found && importProblem(compilation, found)
}

function importProblem(compilation: Compilation, diagnostic: Diagnostic): StartupError {
  return new StartupError({
    code: 'no_predictor',
    found: `no class extends BasePredictor, and an import fails: ${diagnosticText(diagnostic)} (TS${diagnostic.code})`,
    instead: adviceFor(compilation, diagnostic),
    location: locateDiagnostic(compilation.written, diagnostic),
  })
}

/** "Cannot find module", "has no exported member" and their variants. */
const IMPORT_ERRORS: readonly number[] = [2305, 2307, 2613, 2614, 2724, 2792, 2834, 2835]

function typeErrorsOf({ written }: Compilation, path: string): readonly Diagnostic[] {
  return written.getSemanticDiagnostics(path).filter(isError)
}

function byFile(nodes: ReadonlySet<Node>): ReadonlyMap<string, readonly Node[]> {
  const files = new Map<string, Node[]>()
  for (const node of nodes) {
    const { fileName } = node.getSourceFile()
    files.set(fileName, [...(files.get(fileName) ?? []), node])
  }
  return files
}

function typeError(compilation: Compilation, diagnostic: Diagnostic): StartupError {
  return new StartupError({
    code: 'signature_type_error',
    found: `a type in the signature of predict does not compile: ${diagnosticText(diagnostic)} (TS${diagnostic.code})`,
    instead: adviceFor(compilation, diagnostic),
    location: locateDiagnostic(compilation.written, diagnostic),
  })
}

const WEB_TYPES = /'(?:Request|Response|FormData|Blob|File|ReadableStream|Headers)'/

function adviceFor({ tsconfig }: Compilation, { text }: Diagnostic): string {
  if (WEB_TYPES.test(text)) return 'Add "DOM" to "lib" in tsconfig.json, or install @types/node.'
  if (/'Buffer'/.test(text)) return 'Install @types/node, or write Uint8Array.'
  const baseUrl = /Cannot find module '[^.]/.test(text) ? readBaseUrl(tsconfig) : undefined
  if (baseUrl !== undefined) {
    return `TypeScript 7 has no baseUrl. Write in tsconfig.json: "paths": { "*": ["${pathsFor(baseUrl)}"] }.`
  }
  if (/Cannot find module/.test(text)) return 'Install the package, or correct the import.'
  const namespace = /Cannot find namespace '(\w+)'/.exec(text)?.[1]
  if (namespace !== undefined) {
    return 'Import it, or add the package that declares it to "types" in tsconfig.json: TypeScript 7 includes none by itself.'
  }
  const meant = /Did you mean '(\w+)'/.exec(text)?.[1]
  if (meant !== undefined) return `Write ${meant}.`
  return 'Fix the type, or import it.'
}

/** The `baseUrl` of a configuration, which the compiler no longer reads. */
function readBaseUrl(tsconfig: string | undefined): string | undefined {
  return tsconfig === undefined ? undefined : /"baseUrl"\s*:\s*"([^"]+)"/.exec(readFileSync(tsconfig, 'utf8'))?.[1]
}

/** The pattern that does what `baseUrl` did. */
function pathsFor(baseUrl: string): string {
  return `./${baseUrl.replace(/^\.\/|\/$/g, '')}/*`.replace('./.', '.')
}

/** The file's type errors that are not the signature's, and those of the configuration. */
export function remainingWarnings(compilation: Compilation): readonly SignatureWarning[] {
  const { written, file, wantsTypeErrors, configDiagnostics } = compilation
  const typeErrors = wantsTypeErrors ? typeErrorsOf(compilation, file) : []
  const others = typeErrors.filter(({ code }) => !NODE_TYPES_MISSING.includes(code))
  const warnings = [...configDiagnostics.filter(isError), ...others].map(diagnostic => ({
    message: `${diagnosticText(diagnostic)} (TS${diagnostic.code})`,
    location: locateDiagnostic(written, diagnostic),
  }))
  return others.length === typeErrors.length ? warnings : [...warnings, NODE_TYPES_ADVICE]
}

/** "Cannot find name 'process'. Do you need to install type definitions for node?" and its variants. */
const NODE_TYPES_MISSING: readonly number[] = [2580, 2591]

/** Once, however often the file uses Node: nothing is wrong with it. */
const NODE_TYPES_ADVICE: SignatureWarning = {
  message: 'the file uses Node, whose types are not installed: npm install --save-dev @types/node',
  location: undefined,
}

function isError({ category }: Diagnostic): boolean {
  return category === DiagnosticCategory.Error
}
