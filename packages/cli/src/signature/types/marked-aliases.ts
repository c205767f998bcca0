import { existsSync, readFileSync } from 'node:fs'
import { type AliasedType, asksForObject, withMarks } from '../compiler/alias-marks.ts'
import {
  type Compilation,
  isIntersectionTypeNode,
  isMappedTypeNode,
  isTypeAliasDeclaration,
  isTypeLiteralNode,
  type Node,
  SyntaxKind,
  type Type,
  type TypeNode,
} from '../compiler/compiler.ts'
import type { CountedFiles } from '../compiler/sources.ts'
import { askedTypes } from './asked-types.ts'
import { isConstraining } from './constraints.ts'
import { type Documentation, readDocumentation, readTypedefComment } from './documentation.ts'

/** An alias whose JSDoc restricts values, and whose type keeps no trace of it but a mark. */
export interface MarkedAlias {
  readonly name: string
  readonly documentation: Documentation
  /** The file that declares it. */
  readonly path: string
  /** Its type, with the mark. */
  readonly type: Type | undefined
}

/** A compilation in which constrained aliases are marked, and the aliases by the keys in their marks. */
export interface MarkedCompilation {
  readonly compilation: Compilation
  /** The files whose JSDoc counts. */
  readonly sources: CountedFiles
  readonly aliases: ReadonlyMap<string, MarkedAlias>
  /** Those of them that were met in types. */
  readonly met: Set<MarkedAlias>
}

interface Candidate extends AliasedType, Omit<MarkedAlias, 'type'> {
  /** The file as it was written. */
  readonly text: string
}

/** Marks the aliases of some files whose constraints would otherwise be lost where their names are written. */
export function markAliases(compilation: Compilation, sources: CountedFiles): MarkedCompilation {
  const paths = [...compilation.files].filter(path => sources.has(path) && mayConstrain(path))
  const candidates = paths.flatMap(path => constrainedAliases(compilation, sources, path))
  return { ...mark(compilation, sources, candidates), sources, met: new Set() }
}

function mark(
  compilation: Compilation,
  sources: CountedFiles,
  candidates: readonly Candidate[],
): Pick<MarkedCompilation, 'compilation' | 'aliases'> {
  if (candidates.length === 0) return { compilation, aliases: new Map() }
  const revised = { ...compilation, ...compilation.revise(markedTexts(compilation, sources, candidates)) }
  const aliases = candidates.map(candidate => ({ ...candidate, type: declaredType(revised, candidate) }))
  const sound = aliases.filter(({ type }) => type === undefined || !type.isErrorType())
  // An alias that refers to itself cannot be an argument of another: it keeps its name without a mark.
  if (sound.length < candidates.length) return mark(compilation, sources, sound)
  return { compilation: revised, aliases: new Map(aliases.map(alias => [alias.key, alias])) }
}

const TAGGED =
  /@(?:[mM]in|[mM]ax|exclusive|multipleOf|integer|pattern|format|uniqueItems|additionalProperties|contentMediaType|default|datatype|shape)/
/** The text after the comment of an alias. */
const BEFORE_ALIAS = /^(?:\s|\/\/.*|export\b|declare\b)*(?:type\s|\/\*)/

/** Whether a file can have a constrained alias. To look through the syntax tree of a large one takes much longer. */
function mayConstrain(path: string): boolean {
  const parts = readText(path)?.split('*/') ?? []
  return parts.some(
    (part, index) => TAGGED.test(part) && (part.includes('@typedef') || BEFORE_ALIAS.test(parts[index + 1] ?? '')),
  )
}

/** The text of a file as the compiler has it; `undefined` where there is none, as the compiler also asks for files that may be. */
function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').replace(/^\uFEFF/, '') : undefined
}

function constrainedAliases(compilation: Compilation, sources: CountedFiles, path: string): readonly Candidate[] {
  const { program, checker } = compilation
  const source = program.getSourceFile(path)
  if (source === undefined) return []
  return aliasesIn(source).flatMap(node => {
    const { name, type } = node
    const symbol = checker.getSymbolAtLocation(name)
    if (symbol === undefined || keepsItsName(type)) return []
    const isTypedef = node.kind === SyntaxKind.JSTypeAliasDeclaration
    const documentation = isTypedef ? readTypedefComment(node) : readDocumentation({ checker, sources }, symbol)
    if (!documentation.tags.some(tag => isConstraining(tag.name))) return []
    const start = type.getStart(source)
    const { name: alias } = symbol
    return [
      { key: `${alias}#${path}:${start}`, name: alias, start, end: type.end, path, text: source.text, documentation },
    ]
  })
}

interface AliasNode extends Node {
  readonly name: Node
  readonly type: TypeNode
}

function aliasesIn(node: Node): readonly AliasNode[] {
  const found: AliasNode[] = []
  const visit = (part: Node): void => {
    if (isAlias(part)) found.push(part)
    part.forEachChild(visit)
  }
  visit(node)
  return found
}

/** An alias in TypeScript, or one that a `@typedef` in JavaScript declares. */
function isAlias(node: Node): node is AliasNode {
  return isTypeAliasDeclaration(node) || node.kind === SyntaxKind.JSTypeAliasDeclaration
}

/** A type of members is a separate type, which keeps its alias's name everywhere. */
function keepsItsName(type: TypeNode): boolean {
  return isTypeLiteralNode(type) || isMappedTypeNode(type) || isIntersectionTypeNode(type)
}

/** Texts with marks, and those of all files that marks could mislead. */
function markedTexts(
  compilation: Compilation,
  sources: CountedFiles,
  candidates: readonly Candidate[],
): ReadonlyMap<string, string> {
  const asking = [...compilation.files].flatMap(path => {
    const text = readText(path)
    return text !== undefined && mayAsk(text, sources.has(path)) ? [[path, text] as const] : []
  })
  const texts = new Map([...asking, ...candidates.map(({ path, text }) => [path, text] as const)])
  const marked = (path: string) => candidates.filter(candidate => candidate.path === path)
  const asked = (path: string) => {
    const source = sources.has(path) ? compilation.program.getSourceFile(path) : undefined
    return source === undefined ? undefined : askedTypes(source)
  }
  return new Map([...texts].map(([path, text]) => [path, withMarks(text, marked(path), asked(path))]))
}

/** Whether a file can have a conditional type that a mark could mislead: any, where its JSDoc counts. */
function mayAsk(text: string, isCounted: boolean): boolean {
  return isCounted ? /(?:\sextends\s|\b(?:Exclude|Extract)<)/.test(text) : asksForObject(text)
}

function declaredType({ checker, program }: Compilation, { path, name }: Candidate): Type | undefined {
  const source = program.getSourceFile(path)
  const node = source && aliasesIn(source).find(alias => alias.name.getText() === name)
  const symbol = node && checker.getSymbolAtLocation(node.name)
  return symbol && checker.getDeclaredTypeOfSymbol(symbol)
}
