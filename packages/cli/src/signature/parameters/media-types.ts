import { isMediaRangeList, type ReturnSignature } from 'incant/internal/signature'
import {
  isArrayTypeNode,
  isTypeReferenceNode,
  type Node,
  type Signature,
  SymbolFlags,
  type TypeNode,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { readDocumentation } from '../types/documentation.ts'
import { type Place, toStartupError } from '../types/problem.ts'
import type { SchemaContext } from '../types/schema-context.ts'

const TAG = 'contentMediaType'

/** A declaration with a media type: its symbol, and the type as written. */
export interface Typed {
  readonly symbol: TypeSymbol
  readonly written: TypeNode | undefined
  readonly place: Place
}

/**
 * The media types that `@contentMediaType` gives to a body: in the JSDoc of the parameter or, for the result of
 * predict, of the method; else in that of the alias by which its type is written, `type Picture = Uint8Array`.
 */
export function readMediaTypes(context: SchemaContext, { symbol, written, place }: Typed): string | undefined {
  const text = tagOf(context, symbol) ?? (written === undefined ? undefined : aliasTag(context, written))
  if (text === undefined || isMediaRangeList(text)) return text
  throw toStartupError(place, {
    code: 'invalid_constraint',
    found: `has @${TAG} ${text}, which is not a list of media types`,
    instead: `Write media types, separated by commas: @${TAG} image/*.`,
  })
}

/** The written return type of a method. */
export function writtenReturn({ declaration }: Signature): TypeNode | undefined {
  // What has a call signature may have a written type.
  return ((declaration?.resolve() ?? {}) as { readonly type?: TypeNode }).type
}

/** The result of predict, with the media types that its JSDoc names: bytes before text, text before JSON. */
export function withMediaTypes(
  context: SchemaContext,
  forms: readonly ReturnSignature[],
  typed: Typed,
): readonly ReturnSignature[] {
  const contentMediaType = readMediaTypes(context, typed)
  if (contentMediaType === undefined) return forms
  const kind = (['bytes', 'text', 'json'] as const).find(each => forms.some(form => form.kind === each))
  if (kind === undefined) {
    throw toStartupError(typed.place, {
      code: 'invalid_constraint',
      found: `has @${TAG}, which applies to bytes, text and JSON`,
      instead: `Remove @${TAG}: the media type of a stream of items depends on what the caller accepts, and a Response sets its own.`,
    })
  }
  return forms.map(form => (form.kind === kind ? { ...form, schema: { ...form.schema, contentMediaType } } : form))
}

function tagOf(context: SchemaContext, symbol: TypeSymbol): string | undefined {
  return readDocumentation(context, symbol)
    .tags.find(({ name }) => name === TAG)
    ?.text?.trim()
}

/** Through aliases and lists, and into what a promise resolves to. */
function aliasTag(context: SchemaContext, node: TypeNode): string | undefined {
  if (isArrayTypeNode(node)) return aliasTag(context, node.elementType)
  if (!isTypeReferenceNode(node)) return undefined
  const named = context.checker.getSymbolAtLocation(node.typeName)
  const symbol = named && named.flags & SymbolFlags.Alias ? context.checker.getAliasedSymbol(named) : named
  const [argument] = node.typeArguments ?? []
  const inside = argument === undefined ? undefined : aliasTag(context, argument)
  if (symbol === undefined || !(symbol.flags & SymbolFlags.TypeAlias)) return inside
  // A type alias has the type that it is written with.
  const { type } = (symbol.declarations[0]?.resolve() ?? {}) as Partial<Node> & { readonly type?: TypeNode }
  return tagOf(context, symbol) ?? inside ?? (type && aliasTag(context, type))
}
