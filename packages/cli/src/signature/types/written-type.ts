import type { JSONSchema } from 'incant/internal/signature'
import {
  isArrayTypeNode,
  isParenthesizedTypeNode,
  isTypeOperatorNode,
  isTypeReferenceNode,
  isUnionTypeNode,
  type Node,
  SymbolFlags,
  SyntaxKind,
  type Type,
  type TypeNode,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { isArray } from '../compiler/lists.ts'
import { originOf } from '../compiler/origin.ts'
import { readDocumentation } from './documentation.ts'
import type { Place } from './problem.ts'
import { applyDocumentation, readFallback } from './remarks.ts'
import type { SchemaContext } from './schema-context.ts'
import { presentTypes } from './union.ts'

/**
 * The union an optional member was declared with, where it has a name: `undefined` in it has made another one that has
 * none.
 */
export function declaredUnion(context: SchemaContext, type: Type, written: TypeNode | undefined): Type | undefined {
  if (!type.isUnionType() || written === undefined || !isTypeReferenceNode(written)) return undefined
  const declared = context.checker.getTypeFromTypeNode(written)
  if (declared?.getAliasSymbol() === undefined || !declared.isUnionType()) return undefined
  return sameTypes(presentTypes(declared), presentTypes(type)) ? declared : undefined
}

/**
 * Applies the JSDoc of primitive aliases (`type Score = number` with `@maximum 1`), which leave no trace in the type:
 * they are found where the type is written, in arrays and beside `null` too.
 */
export function applyAliases(
  context: SchemaContext,
  schema: JSONSchema,
  { type, written, place }: { readonly type: Type; readonly written: TypeNode; readonly place: Place },
): JSONSchema {
  const node = primitiveReference(written)
  const target = node && context.checker.getTypeFromTypeNode(node)
  if (node === undefined || target === undefined || !isPlain(target) || !holds(context, type, target)) return schema
  return aliasesOf(context, node).reduce(
    (result, alias) => applyDocumentation(context, result, { documentation: readDocumentation(context, alias), place }),
    schema,
  )
}

/**
 * The default of the type that a member has beside `null`: literals leave no trace of their alias there, and an object is an
 * alternative, where a default fills in nothing.
 */
export function defaultBesideNull(context: SchemaContext, written: TypeNode | undefined): Pick<JSONSchema, 'default'> {
  const [only, ...others] = written !== undefined && isUnionTypeNode(written) ? written.types.filter(isNoAbsence) : []
  if (only === undefined || others.length > 0 || !isTypeReferenceNode(only)) return {}
  const symbol = namedSymbol(context, only.typeName)
  return symbol === undefined || originOf(symbol) !== 'user' ? {} : readFallback(readDocumentation(context, symbol))
}

function isNoAbsence(node: TypeNode): boolean {
  return node.kind !== SyntaxKind.UndefinedKeyword && node.getText() !== 'null'
}

function namedSymbol({ checker }: SchemaContext, name: Node): TypeSymbol | undefined {
  const named = checker.getSymbolAtLocation(name)
  return named && named.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named
}

/** The one type reference in a written type, through parentheses, `readonly`, `[]`, and `| null`. */
function primitiveReference(node: TypeNode): TypeNode | undefined {
  if (isTypeReferenceNode(node)) return node.typeArguments === undefined ? node : undefined
  if (isParenthesizedTypeNode(node)) return primitiveReference(node.type)
  if (isArrayTypeNode(node)) return primitiveReference(node.elementType)
  if (isTypeOperatorNode(node)) return primitiveReference(node.type)
  if (!isUnionTypeNode(node)) return undefined
  const [only, ...others] = node.types.flatMap(part => primitiveReference(part) ?? [])
  return others.length === 0 ? only : undefined
}

function isPlain(type: Type): boolean {
  return type.isIntrinsicType() || type.isTemplateLiteralType()
}

/** Whether the member's type is the written one, or an array of it: a mapped type may have made it another. */
function holds({ checker }: SchemaContext, type: Type, target: Type): boolean {
  return presentTypes(type).some(part => {
    const element = isArray(checker, part) && part.isTypeReference() ? checker.getTypeArguments(part)[0] : part
    return element?.id === target.id
  })
}

/** The alias that a reference names, after those that it is itself written with. */
function aliasesOf(context: SchemaContext, node: Node): readonly TypeSymbol[] {
  if (!isTypeReferenceNode(node)) return []
  const symbol = namedSymbol(context, node.typeName)
  const declaration = symbol?.declarations[0]?.resolve()
  if (symbol === undefined || !(symbol.flags & SymbolFlags.TypeAlias) || declaration === undefined) return []
  // A type alias has the type that it is written with.
  const { type } = declaration as Node & { readonly type?: TypeNode }
  return [...(type === undefined ? [] : aliasesOf(context, type)), symbol]
}

function sameTypes(left: readonly Type[], right: readonly Type[]): boolean {
  const identities = new Set(left.map(type => type.id))
  return left.length === right.length && right.every(type => identities.has(type.id))
}
