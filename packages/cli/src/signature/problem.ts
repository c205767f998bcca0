import { type SourceLocation, StartupError, type StartupErrorCode } from 'incant/signature'
import { displayPath } from '../files/display-path.ts'
import type { Diagnostic, Node, NodeHandle, Program } from './compiler.ts'

/** What a problem is about: a sentence's subject, and the declaration that shows where. */
export interface Place {
  /** The class, method and parameter: `Predictor.predict, parameter "payload"`. */
  readonly subject: string
  /** The member inside it: `payload.items[].when`. */
  readonly path: string
  /** The nearest declaration that the user wrote. */
  readonly declaration: NodeHandle | undefined
  /** How deep in the type it is. */
  readonly depth: number
}

/** Something a signature cannot have. */
export interface Problem {
  readonly code: StartupErrorCode
  /** What was found, after the path: `is a function, which JSON cannot carry`. */
  readonly found: string
  readonly instead: string
}

/** The place of a member: the path grows, and the location is the member's where the user declared it. */
export function memberPlace(place: Place, step: string, declaration?: NodeHandle): Place {
  return {
    ...place,
    path: `${place.path}${step}`,
    declaration: declaration ?? place.declaration,
    depth: place.depth + 1,
  }
}

/** A problem as the error that ends the start. */
export function toStartupError(place: Place, problem: Problem): StartupError {
  const { code, found, instead } = problem
  const location = place.declaration === undefined ? undefined : locateHandle(place.declaration)
  return new StartupError({
    code,
    found: `${place.subject}: ${place.path} ${found}`,
    instead,
    ...(location === undefined ? {} : { location }),
  })
}

/** Where a declaration stands; of a class or a member, its name. */
export function locateHandle(handle: NodeHandle): SourceLocation | undefined {
  const node = handle.resolve()
  return node === undefined ? undefined : locateNode(node)
}

/** Where a node stands; of a declaration, its name. */
export function locateNode(node: Node): SourceLocation {
  const source = node.getSourceFile()
  // Every declaration has `name` or lacks it: the union of all node types says no more than that.
  const { name = node } = node as Node & { readonly name?: Node }
  const { line, character } = source.getLineAndCharacterOfPosition(name.getStart(source))
  return { file: displayPath(source.fileName), line: line + 1, column: character + 1 }
}

/** Where a diagnostic stands. */
export function locateDiagnostic(program: Program, diagnostic: Diagnostic): SourceLocation {
  if (diagnostic.fileName === undefined) return { file: 'tsconfig.json' }
  const source = program.getSourceFile(diagnostic.fileName)
  if (source === undefined) return { file: displayPath(diagnostic.fileName) }
  const { line, character } = source.getLineAndCharacterOfPosition(diagnostic.pos)
  return { file: displayPath(diagnostic.fileName), line: line + 1, column: character + 1 }
}

/** A diagnostic's text with the reasons that it chains, one line. */
export function diagnosticText(diagnostic: Diagnostic): string {
  const reasons = (diagnostic.messageChain ?? []).map(diagnosticText)
  return [diagnostic.text, ...reasons].join(' ')
}
