import type { SourceLocation } from 'incant/internal/signature'
import { displayPath } from '../../files/display-path.ts'
import { withoutMarks } from './alias-marks.ts'
import type { Diagnostic, Node, NodeHandle, Program } from './compiler.ts'

/** The place of a declaration; of a class or a member, its name. */
export function locateHandle(handle: NodeHandle): SourceLocation | undefined {
  const node = handle.resolve()
  return node === undefined ? undefined : locateNode(node)
}

/** The place of a node; of a declaration, its name. */
export function locateNode(node: Node): SourceLocation {
  const source = node.getSourceFile()
  // Every declaration has `name` or lacks it: the union of all node types says no more than that.
  const { name = node } = node as Node & { readonly name?: Node }
  const start = name.getStart(source)
  const { line, character } = source.getLineAndCharacterOfPosition(start)
  const column = withoutMarks(source.text.slice(start - character, start)).length + 1
  return { file: displayPath(source.fileName), line: line + 1, column }
}

/** Where a node begins and ends in the file as it was written. */
export function writtenRange(node: Node): { readonly pos: number; readonly end: number } {
  const { text } = node.getSourceFile()
  return { pos: withoutMarks(text.slice(0, node.pos)).length, end: withoutMarks(text.slice(0, node.end)).length }
}

/** The place of a diagnostic. */
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
