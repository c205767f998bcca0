import { type Checker, type Node, SymbolFlags, type TypeSymbol } from '../compiler/compiler.ts'
import { isStandard, packageNameOf } from '../compiler/origin.ts'
import type { CountedFiles } from '../compiler/sources.ts'
import { isConstraining } from './constraints.ts'

/** A symbol's JSDoc. */
export interface Documentation {
  readonly description: string
  readonly tags: readonly { readonly name: string; readonly text?: string | undefined }[]
}

/** The dependencies of reading JSDoc. */
export interface DocumentationReader {
  readonly checker: Checker
  /** The files whose tags count. */
  readonly sources: CountedFiles
  /** Types of other packages whose constraints do not count. */
  readonly ignored?: Set<string>
}

const NOTHING: Documentation = { description: '', tags: [] }

/** Reads a symbol's JSDoc. That of a package which does not know of us was written for other tools: its tags do not count. */
export function readDocumentation(reader: DocumentationReader, symbol: TypeSymbol): Documentation {
  const { description, tags } = commentOf(reader.checker, symbol)
  const foreign = symbol.declarations.find(({ path }) => !reader.sources.has(path))
  if (foreign !== undefined) {
    noteIgnored(reader, symbol, { path: foreign.path, documentation: { description, tags } })
    return { description, tags: [] }
  }
  return withInlineComment(symbol, { description, tags })
}

const comments = new WeakMap<TypeSymbol, Documentation>()

/** The JSDoc of a symbol. The compiler is asked once, and only about symbols with a declaration. */
function commentOf(checker: Checker, symbol: TypeSymbol): Documentation {
  if (symbol.declarations.length === 0) return NOTHING
  const comment = comments.get(symbol) ?? {
    description: checker.getDocumentationCommentOfSymbol(symbol).trim(),
    tags: checker.getJsDocTagsOfSymbol(symbol),
  }
  comments.set(symbol, comment)
  return comment
}

function noteIgnored(
  { ignored }: DocumentationReader,
  symbol: TypeSymbol,
  { path, documentation }: { readonly path: string; readonly documentation: Documentation },
): void {
  if (ignored === undefined || isStandard(path)) return
  if (!withInlineComment(symbol, documentation).tags.some(tag => isConstraining(tag.name))) return
  const owner = symbol.flags & SymbolFlags.TypeAlias ? symbol.name : (symbol.getParent()?.name ?? symbol.name)
  const name = owner.startsWith('__') || owner.startsWith('"') ? symbol.name : owner
  ignored.add(`${name} of ${packageNameOf(path)}`)
}

/**
 * The JSDoc of a member on the line of the one before it, as in `{ /** @minimum 1 *\/ top: number }`. The compiler
 * takes it for the end of the previous member, and a constraint would silently be ignored.
 */
function withInlineComment(symbol: TypeSymbol, documentation: Documentation): Documentation {
  if (documentation.description !== '' || documentation.tags.length > 0) return documentation
  const node = symbol.declarations[0]?.resolve()
  return node === undefined ? NOTHING : readCommentBefore(node, node.pos)
}

/** The JSDoc before a node that has no symbol, in the text from a position on. */
export function readCommentBefore(node: Node, from: number): Documentation {
  const source = node.getSourceFile()
  const text = source.text.slice(from, node.getStart(source))
  const comment = text.match(/\/\*\*(?!\/)([\s\S]*?)\*\/\s*$/)?.[1]
  return comment === undefined ? NOTHING : parseComment(comment)
}

/** The JSDoc inside a mapped type, before its bracket. */
export function readMappedComment(node: Node): Documentation | undefined {
  const source = node.getSourceFile()
  const text = source.text.slice(node.getStart(source), node.end)
  const comment = /^\{\s*\/\*\*(?!\/)([\s\S]*?)\*\/\s*(?:[+-]?readonly\s*)?\[/.exec(text)?.[1]
  return comment === undefined ? undefined : parseComment(comment)
}

/** The tags of a comment on the alias that it declares with `@typedef`; the compiler leaves them to what follows it. */
export function readTypedefComment(node: Node): Documentation {
  const { text } = node.getSourceFile()
  const [from, to] = [text.lastIndexOf('/**', node.pos) + '/**'.length, text.indexOf('*/', node.end)]
  const comment = text.slice(from, to)
  // One comment may declare several: the tags of each follow it.
  const isAlone = comment.match(/@typedef\b/g)?.length === 1
  const [own = ''] = text.slice(node.end, to).split(/@typedef\b/)
  return parseComment(isAlone ? comment : own)
}

function parseComment(comment: string): Documentation {
  const text = comment.replace(/^[ \t]*\*[ \t]?/gm, '')
  const [description = '', ...tags] = text.split(/(?<=^|\s)@(?=[a-z])/i)
  return {
    description: description.trim(),
    tags: tags.map(tag => ({ name: tag.match(/^\w+/)?.[0] ?? '', text: tag.replace(/^\w+/, '').trim() })),
  }
}
