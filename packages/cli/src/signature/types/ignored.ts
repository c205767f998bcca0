import {
  isImportTypeNode,
  isPropertySignatureDeclaration,
  isTypeReferenceNode,
  type Node,
  type NodeHandle,
  SymbolFlags,
  type TypeNode,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { isStandard, originOf } from '../compiler/origin.ts'
import type { SignatureWarning } from '../compiler/warning.ts'
import { readDocumentation } from './documentation.ts'
import type { SchemaContext } from './schema-context.ts'

/** Notes where a type that was read is written, if a package whose constraints do not count may have a part in it. */
export function noteWritten({ written, sources }: SchemaContext, declaration: NodeHandle | undefined): void {
  if (declaration === undefined || !sources.leavesOut || isStandard(declaration.path)) return
  const type = writtenType(declaration)
  if (type !== undefined) written.add(type)
}

/** One warning for all constraints that do not count, as packages that do not know of Incant wrote them. */
export function ignoredConstraints(context: SchemaContext): readonly SignatureWarning[] {
  noteIgnoredAliases(context)
  const { ignored } = context
  if (ignored.size === 0) return []
  const [first, second, ...others] = ignored
  const names = second === undefined ? first : `${first}, ${second}`
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  const message = `the JSDoc constraints of ${names}${more} are not checked: only those of your own files are, and of packages that depend on incant. Repeat them on a type of your own, or ask the package for a peer dependency on incant.`
  return [{ message, location: undefined }]
}

/**
 * Adds to what is ignored the aliases in written types: `/** @minimum 0 *\/ type Size = number` of a package that does not
 * know of us leaves no trace in a type. They are looked up in rounds, each alias once: those in an alias's own type are
 * the next round.
 */
function noteIgnoredAliases(context: SchemaContext): void {
  const known = new Set<number>()
  for (let nodes: readonly Node[] = [...context.written]; nodes.length > 0; ) {
    const aliases = new Map(aliasesIn(context, nodes).map(alias => [alias.id, alias]))
    const added = [...aliases.values()].filter(({ id }) => !known.has(id))
    for (const alias of added) {
      known.add(alias.id)
      if (alias.declarations.some(({ path }) => !context.sources.has(path))) readDocumentation(context, alias)
    }
    nodes = added.flatMap(({ declarations: [declaration] }) => (declaration && writtenType(declaration)) ?? [])
  }
}

function aliasesIn({ checker }: SchemaContext, nodes: readonly Node[]): readonly TypeSymbol[] {
  const names = nodes.flatMap(namesIn)
  const named = new Set(names.length === 0 ? [] : checker.getSymbolAtLocation(names))
  return [...named].flatMap(symbol => {
    const target = symbol && symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    const isAlias = target !== undefined && target.flags & SymbolFlags.TypeAlias && originOf(target) === 'user'
    return isAlias ? [target] : []
  })
}

/** The names that a type is written with. Those of members are left out: members have written types of their own. */
function namesIn(node: Node): readonly Node[] {
  const found: Node[] = []
  const visit = (part: Node): void => {
    if (isPropertySignatureDeclaration(part)) return
    if (isTypeReferenceNode(part)) found.push(part.typeName)
    if (isImportTypeNode(part) && part.qualifier !== undefined) found.push(part.qualifier)
    part.forEachChild(visit)
  }
  visit(node)
  return found
}

function writtenType(declaration: NodeHandle): TypeNode | undefined {
  // Members, parameters, methods and aliases may have a written type; what else is declared has none.
  return ((declaration.resolve() ?? {}) as { readonly type?: TypeNode }).type
}
