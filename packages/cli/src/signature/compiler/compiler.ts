import type { ChildProcess } from 'node:child_process'
import { dirname } from 'node:path'
import type { SourceFile } from 'typescript/unstable/ast'
import { API, type Checker, type Diagnostic, type Program, type Project, type Snapshot } from 'typescript/unstable/sync'
import { MARK_DECLARATIONS } from './alias-marks.ts'
import { isStandard } from './origin.ts'
import { virtualConfig } from './project.ts'

export type {
  ClassDeclaration,
  ClassExpression,
  Node,
  ParameterDeclaration,
  SourceFile,
  TypeNode,
} from 'typescript/unstable/ast'
export {
  isArrayTypeNode,
  isCallExpression,
  isClassDeclaration,
  isClassExpression,
  isConditionalTypeNode,
  isDecorator,
  isIdentifier,
  isImportTypeNode,
  isInferTypeNode,
  isIntersectionTypeNode,
  isMappedTypeNode,
  isParameterDeclaration,
  isParenthesizedTypeNode,
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  isTupleTypeNode,
  isTypeAliasDeclaration,
  isTypeLiteralNode,
  isTypeOperatorNode,
  isTypeReferenceNode,
  isUnionTypeNode,
  isVariableStatement,
  ModifierFlags,
  SyntaxKind,
} from 'typescript/unstable/ast'
export type {
  Checker,
  Diagnostic,
  NodeHandle,
  Program,
  Signature,
  Symbol as TypeSymbol,
  TemplateLiteralType,
  TupleType,
  Type,
} from 'typescript/unstable/sync'
export {
  DiagnosticCategory,
  ElementFlags,
  ObjectFlags,
  SignatureKind,
  SymbolFlags,
  TypeFlags,
} from 'typescript/unstable/sync'

/** A predictor file as the TypeScript 7 checker sees it. */
export interface Compilation {
  readonly file: string
  /** The user's own configuration that applies to the file. */
  readonly tsconfig: string | undefined
  /** The source of types: the files as they were written, or with marks in them. */
  readonly checker: Checker
  readonly program: Program
  /** The files as they were written, which type errors are looked for in. */
  readonly written: Program
  /** Source files that were read, for this file or one before it. */
  readonly files: ReadonlySet<string>
  /** The same project with other texts of some files. It lasts as long as this one. */
  readonly revise: (texts: ReadonlyMap<string, string>) => Pick<Compilation, 'checker' | 'program'>
  /** Whether the user wants to hear of type errors in the file. */
  readonly wantsTypeErrors: boolean
  /** Errors in the configuration itself. */
  readonly configDiagnostics: readonly Diagnostic[]
}

/** The syntax tree of the predictor file. */
export function sourceFileOf({ program, file }: Compilation): SourceFile {
  const source = program.getSourceFile(file)
  if (source === undefined) throw new Error(`The compiler did not read ${file}`)
  return source
}

/**
 * Opens a file with the native compiler, in a separate project in memory, and passes it to `read`. The compiler's
 * process ends with the call.
 */
export function withCompilation<Result>(file: string, read: (compilation: Compilation) => Result): Result {
  const compiler = new Compiler(dirname(file))
  try {
    return compiler.open(file, read)
  } finally {
    compiler.end()
  }
}

/** The native compiler in a separate process, for one file after the other: shared imports are read once. */
export class Compiler {
  readonly #api: API
  /** Files that are other than on the disk, or not there. */
  readonly #texts = new Map<string, string>()
  readonly #files = new Set<string>()
  /** Files that the process knows in a revised text. */
  #revised: readonly string[] = []
  /** The project that the process has open. */
  #project: string | undefined

  /** @param cwd - The folder that the process runs in. */
  constructor(cwd: string) {
    this.#api = new API({ cwd, fs: { readFile: path => this.#read(path) } })
  }

  /** Opens a file in a separate project. The argument of `read` is valid until it returns. */
  open<Result>(file: string, read: (compilation: Compilation) => Result): Result {
    const { base: tsconfig, wantsTypeErrors, ...virtual } = virtualConfig(file, path => this.#api.parseConfigFile(path))
    this.#texts.clear()
    this.#texts.set(virtual.path, virtual.text).set(virtual.marks, MARK_DECLARATIONS)
    const opened: Snapshot[] = []
    try {
      const { checker, program } = this.#update(virtual.path, [...this.#revised, virtual.path], opened)
      this.#revised = []
      const revise = (texts: ReadonlyMap<string, string>) => this.#revise(virtual.path, texts, opened)
      const configDiagnostics = program.getConfigFileParsingDiagnostics()
      const common = { file, tsconfig, wantsTypeErrors, configDiagnostics, files: this.#files, revise }
      return read({ ...common, checker, program, written: program })
    } finally {
      // Before the process ends: `close` would ask it to.
      for (const snapshot of opened) snapshot.dispose()
    }
  }

  /** Ends the process. */
  end(): void {
    end(this.#api)
  }

  #read(path: string): string | undefined {
    if (SOURCE.test(path) && !isStandard(path)) this.#files.add(path)
    return this.#texts.get(path)
  }

  #revise(
    config: string,
    texts: ReadonlyMap<string, string>,
    opened: Snapshot[],
  ): Pick<Project, 'checker' | 'program'> {
    for (const path of this.#revised) this.#texts.delete(path)
    for (const [path, text] of texts) this.#texts.set(path, text)
    const changed = [...new Set([...this.#revised, ...texts.keys()])]
    this.#revised = [...texts.keys()]
    return this.#update(config, changed, opened)
  }

  /** The project before is closed in the same step: the next one takes over the files that both have. */
  #update(config: string, changed: readonly string[], opened: Snapshot[]): Project {
    const before = this.#project
    const closeProjects = before === undefined || before === config ? [] : [before]
    const openProjects = before === config ? [] : [config]
    const snapshot = this.#api.updateSnapshot({ openProjects, closeProjects, fileChanges: { changed: [...changed] } })
    this.#project = config
    opened.push(snapshot)
    const project = snapshot.getProject(config)
    if (project === undefined) throw new Error(`The compiler did not open ${config}`)
    return project
  }
}

const SOURCE = /\.[cm]?[jt]sx?$/

/**
 * Ends the compiler's process: it has nothing to clean up, as it would on the SIGTERM of `close`. The thread goes on
 * until the process has ended; otherwise the process would stay on as a zombie.
 */
function end(api: API): void {
  // The process is in no public interface; where a later version keeps it elsewhere, `close` alone does.
  const { client } = api as unknown as { readonly client?: { readonly channel?: { readonly child?: ChildProcess } } }
  const child = client?.channel?.child
  child?.ref()
  child?.kill('SIGKILL')
  api.close()
}
