import { findDatatype, type JSONSchema, type TensorRemark } from 'incant/internal/signature'
import {
  type Checker,
  ElementFlags,
  isMappedTypeNode,
  SymbolFlags,
  type TupleType,
  type Type,
  TypeFlags,
} from '../compiler/compiler.ts'
import { isArray, isTuple } from '../compiler/lists.ts'
import { originOf } from '../compiler/origin.ts'
import { baseTypesOf, namesFrom } from './builtins.ts'
import { isCallable, isMapped } from './callable.ts'
import { dissectedSchema } from './dissected.ts'
import { type Documentation, readMappedComment } from './documentation.ts'
import { indexSchema } from './index-signature.ts'
import { membersOf } from './member.ts'
import { membersSchema, presentSchema } from './members.ts'
import { isSymbolKey, packageMisfit } from './misfits.ts'
import { memberPlace, type Place } from './problem.ts'
import { refuseType, type SchemaContext } from './schema-context.ts'

/** The schema of an object type: an array, a tuple, an index signature or named members. */
export function objectSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { checker } = context
  if (isTuple(checker, type)) return tupleSchema(context, type, place)
  const element = elementType(checker, type)
  if (element !== undefined) return { type: 'array', items: presentSchema(context, element, memberPlace(place, '[]')) }
  if (isCallable(checker, type) && context.direction !== 'output') {
    return refuseType(context, place, { what: 'a function', instead: 'Remove it, or send what it needs as data.' })
  }
  if (context.direction !== 'output' && namesFrom(checker, type, 'standard').some(name => ARRAYS.includes(name))) {
    return refuseType(context, place, {
      what: 'an array with more than its elements',
      instead: 'Write T[], or an object with the array as a member.',
    })
  }
  return dissectedSchema(context, type, place) ?? plainObjectSchema(context, type, place)
}

const ARRAYS: readonly string[] = ['Array', 'ReadonlyArray']

/** An array's element, also of an interface that does nothing but extend an array. */
function elementType(checker: Checker, type: Type): Type | undefined {
  if (isArray(checker, type)) return type.isTypeReference() ? checker.getTypeArguments(type)[0] : undefined
  const symbol = type.getSymbol()
  if (symbol === undefined || (symbol.flags & (SymbolFlags.Interface | SymbolFlags.Class)) !== SymbolFlags.Interface)
    return
  const [base, ...others] = baseTypesOf(checker, type)
  // Its type parameters are members of its symbol, too.
  const adds = [...symbol.getMembers().values()].some(({ flags }) => !(flags & SymbolFlags.TypeParameter))
  const element = base === undefined || others.length > 0 || adds ? undefined : elementType(checker, base)
  if (element === undefined) return undefined
  // What it extends is written with its type parameters, which an instance has replaced.
  const index = checker.getIndexInfosOfType(type).find(({ keyType }) => keyType.flags & TypeFlags.Number)
  return index?.valueType ?? element
}

function tupleSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  if (!type.isTypeReference()) return {}
  const elements = context.checker.getTypeArguments(type)
  // The target of a reference that is a tuple is the tuple that has the flags; the empty tuple has none.
  const { elementFlags = [] } = type.getTarget() as Partial<TupleType>
  const isRest = (index: number) => ((elementFlags[index] ?? 0) & ElementFlags.Variable) !== 0
  const rest = elements.findIndex((_, index) => isRest(index))
  if (rest !== -1 && rest < elements.length - 1) {
    return refuseType(context, place, {
      what: 'a tuple with its rest before the end',
      instead: 'Put the rest element last, or write an array.',
    })
  }
  const fixed = rest === -1 ? elements : elements.slice(0, rest)
  const items = rest === -1 ? false : presentSchema(context, elements[rest], memberPlace(place, '[]'))
  return {
    type: 'array',
    ...(fixed.length > 0 && {
      prefixItems: fixed.map((element, index) => presentSchema(context, element, memberPlace(place, `[${index}]`))),
    }),
    items,
    minItems: elementFlags.filter(flags => flags & ElementFlags.Required).length,
    ...(rest === -1 && { maxItems: fixed.length }),
  }
}

function plainObjectSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const all = membersOf(context, type, place)
  const misfit = packageMisfit(context, type, all)
  if (misfit !== undefined) return refuseType(context, place, misfit)
  const mapped = mappedDocumentation(context, type)
  // A member under a symbol in an intersection is a brand: no value has it.
  const named = type.isIntersectionType() ? all.filter(({ symbol }) => !isSymbolKey(symbol)) : all
  const inside: SchemaContext = context.direction === 'form' ? { ...context, direction: 'field' } : context
  const members = membersSchema(inside, named, mapped)
  const indexes = indexSchema(inside, type, { place, mapped })
  const hasMembers = Object.keys(members.properties ?? {}).length > 0
  if (!hasMembers && Object.keys(indexes).length > 0) return { type: 'object', ...indexes }
  // Members of an answer that JSON leaves out, such as methods, are members all the same.
  const isEmpty = !hasMembers && (all.length === 0 || context.direction !== 'output')
  if (isEmpty) return emptySchema(type)
  const schema: JSONSchema = { type: 'object', ...members, ...indexes }
  return isTensorType(type) ? { ...schema, 'x-incant-tensor': tensorRemark(context, schema) } : schema
}

function isTensorType(type: Type): boolean {
  const symbol = type.getSymbol()
  return symbol?.name === 'Tensor' && originOf(symbol) === 'incant'
}

/** The datatype and the shape of a `Tensor`, as its members have them. */
function tensorRemark({ slots }: SchemaContext, { properties }: JSONSchema): TensorRemark {
  const datatype = findDatatype(properties?.['datatype']?.const)
  const { prefixItems, items } = slots.dereference(properties?.['shape'] ?? {}) ?? {}
  const shape = prefixItems?.map(size => (typeof size.const === 'number' ? size.const : -1))
  const hasShape = items === false
  return { ...(datatype === undefined ? {} : { datatype }), ...(hasShape ? { shape: shape ?? [] } : {}) }
}

/** The JSDoc before the bracket of a mapped type that the user wrote: it is about each member. */
function mappedDocumentation({ sources }: SchemaContext, type: Type): Documentation | undefined {
  const declaration = isMapped(type) ? type.getSymbol()?.declarations[0] : undefined
  const node = declaration !== undefined && sources.has(declaration.path) ? declaration.resolve() : undefined
  return node !== undefined && isMappedTypeNode(node) ? readMappedComment(node) : undefined
}

/** `{}` is any value but null; an interface with no members the same. A class with no members is an object. */
function emptySchema(type: Type): JSONSchema {
  if ((type.getSymbol()?.flags ?? 0) & SymbolFlags.Class) return { type: 'object', properties: {} }
  return { type: ['string', 'number', 'boolean', 'object', 'array'], additionalProperties: {} }
}
