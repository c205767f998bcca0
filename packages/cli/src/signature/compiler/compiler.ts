import type { ChildProcess } from 'node:child_process'
import { dirname } from 'node:path'
import type { SourceFile } from 'typescript/unstable/ast'
import { API, type Checker, type Diagnostic, type Program, type Project } from 'typescript/unstable/sync'
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
  isDecorator,
  isIdentifier,
  isParameterDeclaration,
  isParenthesizedTypeNode,
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  isTypeAliasDeclaration,
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
  readonly checker: Checker
  readonly program: Program
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
 * Opens a file with the native compiler, in a project of its own that exists in memory only, and hands it to `read`.
 * The compiler's process ends with the call.
 */
export function withCompilation<Result>(file: string, read: (compilation: Compilation) => Result): Result {
  const compiler = new Compiler(dirname(file))
  try {
    return compiler.open(file, read)
  } finally {
    compiler.end()
  }
}

/** The native compiler in a process of its own, for one file after the other: what they share is read once. */
export class Compiler {
  #config = { path: '', text: '' }
  readonly #api: API

  /** @param cwd - The folder that the process runs in. */
  constructor(cwd: string) {
    const readFile = (path: string) => (path === this.#config.path ? this.#config.text : undefined)
    this.#api = new API({ cwd, fs: { readFile } })
  }

  /** Opens a file in a project of its own. What `read` is given holds until it returns. */
  open<Result>(file: string, read: (compilation: Compilation) => Result): Result {
    const api = this.#api
    const { base: tsconfig, wantsTypeErrors, ...virtual } = virtualConfig(file, path => api.parseConfigFile(path))
    this.#config = virtual
    return withProject(api, virtual.path, ({ checker, program }) => {
      const configDiagnostics = program.getConfigFileParsingDiagnostics()
      return read({ file, tsconfig, checker, program, wantsTypeErrors, configDiagnostics })
    })
  }

  /** Ends the process. */
  end(): void {
    end(this.#api)
  }
}

function withProject<Result>(api: API, config: string, read: (project: Project) => Result): Result {
  const snapshot = api.updateSnapshot({ openProjects: [config] })
  try {
    const project = snapshot.getProject(config)
    if (project === undefined) throw new Error(`The compiler did not open ${config}`)
    return read(project)
  } finally {
    // Before the process ends: `close` would ask it to.
    snapshot.dispose()
  }
}

/**
 * Ends the compiler's process: there is nothing left for it to tidy up, which it would do on the SIGTERM of `close`. The
 * thread goes on until the process has ended, or nobody would take note of that, and it would stay on as a zombie.
 */
function end(api: API): void {
  // The process is in no public interface; where a later version keeps it elsewhere, `close` alone does.
  const { client } = api as unknown as { readonly client?: { readonly channel?: { readonly child?: ChildProcess } } }
  const child = client?.channel?.child
  child?.ref()
  child?.kill('SIGKILL')
  api.close()
}
