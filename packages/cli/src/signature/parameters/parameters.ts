import { isBodyRole, type JSONSchema, type ParameterSignature, Problems, type Role } from 'incant/internal/signature'
import type { BatchMethod } from '../class/batch-method.ts'
import {
  isIdentifier,
  isParameterDeclaration,
  type ParameterDeclaration,
  type Signature,
  type Type,
  TypeFlags,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { isArray, isTuple } from '../compiler/lists.ts'
import { typeText } from '../compiler/type-text.ts'
import { presentSchema } from '../types/members.ts'
import { type Place, toStartupError } from '../types/problem.ts'
import { type SchemaContext, touch } from '../types/schema-context.ts'
import { presentTypes } from '../types/union.ts'
import { readMediaTypes } from './media-types.ts'
import { requestProtocol } from './protocol.ts'
import { formFields, type RoleReading, roleOf } from './roles.ts'
import { warnOfUnchecked } from './unchecked.ts'

interface Parameter {
  readonly symbol: TypeSymbol
  readonly type: Type
  readonly node: ParameterDeclaration | undefined
  readonly isOptional: boolean
  readonly name: string
  readonly place: Place
}

/** Whose parameters are read, and how. */
export interface CallReading {
  /** The class and the method, for messages. */
  readonly subject: string
  /** Whether a decorator gives the roles or the schema. */
  readonly isDecorated: boolean
}

/**
 * Reads the parameters of predict: for each its role, and the schema where it has one.
 *
 * Where a decorator (`@takes`, `@input`) says the roles or the schema at run time, `isDecorated`, what the types cannot
 * say is left out and not refused.
 */
export function readParameters(
  context: SchemaContext,
  signature: Signature,
  { subject, isDecorated }: CallReading,
): readonly ParameterSignature[] {
  const symbols = signature.getParameters()
  const types = context.checker.getTypeOfSymbol(symbols)
  const parameters = symbols
    .flatMap((symbol, index) => {
      const type = types[index]
      return type === undefined ? [] : [toParameter(symbol, type, symbols.length)]
    })
    .map(parameter => withSubject(parameter, subject))
  if (!isDecorated && signature.hasRestParameter) refuseRest(parameters.at(-1))
  const read = parameters.map(parameter =>
    isDecorated ? readLeniently(context, parameter) : readParameter(context, parameter),
  )
  if (isDecorated) return read
  checkRoles(parameters, read)
  for (const [index, { role }] of read.entries()) {
    const parameter = parameters[index]
    if (role === 'payload' && parameter !== undefined) warnOfUnchecked(context, parameter)
  }
  return read
}

/** Reads what one request brings where the method takes the payloads of many: an element of its parameter. */
export function readItemParameter(
  context: SchemaContext,
  { parameter: symbol, itemType: type }: BatchMethod,
  { subject, isDecorated }: CallReading,
): ParameterSignature {
  const declaration = symbol.valueDeclaration ?? symbol.declarations[0]
  const place = { subject: `${subject}, parameter ${symbol.name}`, path: `${symbol.name}[]`, declaration }
  const isOptional = presentTypes(type).length < partsOf(type).length
  const item = { symbol, type, node: undefined, isOptional, name: 'payload', place }
  return isDecorated ? readLeniently(context, item) : readParameter(context, item)
}

function toParameter(symbol: TypeSymbol, type: Type, count: number): Parameter {
  const declaration = symbol.valueDeclaration ?? symbol.declarations[0]
  const node = declarationOf(symbol)
  // A destructured parameter has no name.
  const name = node === undefined || isIdentifier(node.name) ? symbol.name : count === 1 ? 'payload' : 'argument'
  return {
    symbol,
    type,
    node,
    isOptional: isOptional(type, symbol),
    name,
    place: { subject: `parameter ${name}`, path: name, declaration },
  }
}

function withSubject(parameter: Parameter, subject: string): Parameter {
  return { ...parameter, place: { ...parameter.place, subject: `${subject}, ${parameter.place.subject}` } }
}

function declarationOf(symbol: TypeSymbol): ParameterDeclaration | undefined {
  const node = (symbol.valueDeclaration ?? symbol.declarations[0])?.resolve()
  return node !== undefined && isParameterDeclaration(node) ? node : undefined
}

function readParameter(context: SchemaContext, parameter: Parameter): ParameterSignature {
  const { type, node, name, place } = parameter
  touch(context, place.declaration)
  const reading = roleOf(context.checker, type)
  if ('ambiguous' in reading) throw ambiguousUnion(place, reading.ambiguous)
  const schema = context.refused.try(() => parameterSchema(context, parameter, reading), undefined)
  const protocol = schema === undefined ? undefined : requestProtocol(context.checker, type)
  return {
    name,
    ...reading,
    ...(parameter.isOptional ? { optional: true } : {}),
    ...(schema === undefined ? {} : { schema }),
    type: writtenText(context, type, node),
    ...(protocol === undefined ? {} : { protocol }),
  }
}

/** A type that cannot be read becomes a payload without a schema, which the decorator provides. */
function readLeniently(context: SchemaContext, parameter: Parameter): ParameterSignature {
  const refused = new Problems()
  const lenient: SchemaContext = { ...context, refused }
  const read = refused.try<ParameterSignature | undefined>(() => readParameter(lenient, parameter), undefined)
  refused.try(() => context.slots.readAll(), undefined)
  if (read !== undefined && refused.isEmpty) return read
  const { type, node, name } = parameter
  return {
    name,
    role: 'payload',
    ...(parameter.isOptional ? { optional: true } : {}),
    type: writtenText(context, type, node),
  }
}

function parameterSchema(context: SchemaContext, parameter: Parameter, reading: RoleReading): JSONSchema | undefined {
  const schema = valueSchema(context, parameter, reading)
  if (!WITH_MEDIA_TYPE.includes(reading.role)) return schema
  const { symbol, node, place } = parameter
  const contentMediaType = readMediaTypes(context, { symbol, written: node?.type, place })
  return contentMediaType === undefined ? schema : { ...schema, contentMediaType }
}

/** The roles whose body may be of any media type, unless JSDoc says of which. */
const WITH_MEDIA_TYPE: readonly Role[] = ['text', 'bytes', 'blob', 'stream']

function valueSchema(
  context: SchemaContext,
  { symbol, type, place }: Parameter,
  { role }: RoleReading,
): JSONSchema | undefined {
  const fields = role === 'form' ? formFields(context.checker, type) : undefined
  if (role !== 'payload' && role !== 'text' && fields === undefined) return undefined
  if (type.flags & TypeFlags.AnyOrUnknown && !type.isErrorType()) return undefined
  if (type.flags & TypeFlags.Never) throw takesNever(place)
  const schema = fields === undefined ? presentSchema(context, type, place) : fieldsSchema(context, fields, place)
  const description = context.checker.getDocumentationCommentOfSymbol(symbol).trim()
  return description === '' ? schema : { ...schema, description }
}

function takesNever(place: Place): Error {
  return toStartupError(place, {
    code: 'unsupported_type',
    found: 'is never: no request can have such a body',
    instead: 'Write the type that predict takes, or no parameter.',
  })
}

function fieldsSchema(context: SchemaContext, fields: Type, place: Place): JSONSchema {
  if (isArray(context.checker, fields) || isTuple(context.checker, fields)) {
    throw toStartupError(place, {
      code: 'unsupported_type',
      found: 'is a form of an array, and the fields of a form have names',
      instead: 'Write Form<{ items: T[] }>.',
    })
  }
  return presentSchema({ ...context, direction: 'form' }, fields, place)
}

/** Whether a parameter can be left out. */
export function isOptional(type: Type, symbol: TypeSymbol): boolean {
  const node = declarationOf(symbol)
  if (node?.initializer !== undefined || node?.questionToken !== undefined) return true
  return presentTypes(type).length < partsOf(type).length
}

function partsOf(type: Type): readonly Type[] {
  return type.isUnionType() ? constituentsOf(type) : [type]
}

function writtenText(context: SchemaContext, type: Type, node: ParameterDeclaration | undefined): string {
  return node?.type?.getText() ?? typeText(context.checker, type)
}

function checkRoles(parameters: readonly Parameter[], read: readonly ParameterSignature[]): void {
  for (const [index, { name, role }] of read.entries()) {
    const earlier = read.slice(0, index).find(other => claimsSame(other.role, role))
    const place = parameters[index]?.place
    if (earlier === undefined || place === undefined) continue
    const isBody = isBodyRole(role)
    throw toStartupError(place, {
      code: isBody ? 'two_payloads' : 'repeated_role',
      found: isBody
        ? `takes the body, and so does ${earlier.name}`
        : `is a ${read[index]?.type}, and so is ${earlier.name}`,
      instead: isBody
        ? `Write one parameter with the members of both, or Request for one of them.`
        : `Remove ${name} or ${earlier.name}.`,
    })
  }
}

function claimsSame(left: Role, right: Role): boolean {
  return left === right || (isBodyRole(left) && isBodyRole(right))
}

function ambiguousUnion(place: Place, type: string): Error {
  return toStartupError(place, {
    code: 'ambiguous_union',
    found: `is ${type}: a request could be either`,
    instead: 'Write one of them; a payload and a Request can be two parameters.',
  })
}

function refuseRest(parameter: Parameter | undefined): void {
  if (parameter === undefined) return
  throw toStartupError(parameter.place, {
    code: 'unsupported_type',
    found: 'is a rest parameter, and a request has one payload',
    instead: `Write ${parameter.name} without the dots, as an array.`,
  })
}
