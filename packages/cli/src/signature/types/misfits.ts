import {
  isParameterDeclaration,
  isPropertyDeclaration,
  ModifierFlags,
  SymbolFlags,
  type Type,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { originOf, packageNameOf } from '../compiler/origin.ts'
import { isCallable } from './callable.ts'
import { type Member, memberName } from './member.ts'
import type { Misfit, SchemaContext } from './schema-context.ts'
import { presentTypes } from './union.ts'

/** Why a member is not data. */
export function memberMisfit(context: SchemaContext, { symbol, type }: Member): Misfit | undefined {
  const name = memberName(symbol)
  if (isSymbolKey(symbol)) return { what: 'a member under a symbol', instead: 'Name it with a string.' }
  if (isFunctionMember(context, symbol, type)) {
    return { what: 'a function', instead: `Remove ${name}, or write an interface that has the data alone.` }
  }
  if (isHidden(symbol)) {
    return { what: 'a private member of a class', instead: 'Write an interface that has the public data alone.' }
  }
  if (isAccessor(symbol)) {
    return { what: 'an accessor of a class', instead: 'Write an interface that has the data alone.' }
  }
  if (name === '__proto__') {
    return { what: 'a member of a name that no body may have', instead: 'Rename it.' }
  }
  return undefined
}

/** Whether a member's key is a symbol. */
export function isSymbolKey(symbol: TypeSymbol): boolean {
  return symbol.escapedName.startsWith('__@')
}

function isFunctionMember(context: SchemaContext, symbol: TypeSymbol, type: Type): boolean {
  if (symbol.flags & SymbolFlags.Method) return true
  const present = presentTypes(type)
  return present.length > 0 && present.every(part => part.isObjectType() && isCallable(context.checker, part))
}

/** Whether a member is private or protected, also as a parameter of the constructor. */
export function isHidden(symbol: TypeSymbol): boolean {
  if (symbol.escapedName.startsWith('__#')) return true
  const [declaration] = symbol.declarations
  if (declaration === undefined || originOf(symbol) !== 'user') return false
  const node = declaration.resolve()
  if (node === undefined || !(isPropertyDeclaration(node) || isParameterDeclaration(node))) return false
  return (node.modifierFlags & (ModifierFlags.Private | ModifierFlags.Protected)) !== 0
}

/** An accessor of a class computes; one in an interface is only another way to write a property. */
function isAccessor(symbol: TypeSymbol): boolean {
  if (!(symbol.flags & SymbolFlags.Accessor)) return false
  return ((symbol.getParent()?.flags ?? 0) & SymbolFlags.Class) !== 0
}

/**
 * A class of an installed package, or an interface for one: it is refused by its name, since its members are not the
 * user's to change. In what predict returns, only what has methods counts: functions in members are left out by JSON.
 */
export function packageMisfit(context: SchemaContext, type: Type, members: readonly Member[]): Misfit | undefined {
  const symbol = type.getAliasSymbol() ?? type.getSymbol()
  const path = symbol?.declarations[0]?.path
  if (symbol === undefined || path === undefined || symbol.name.startsWith('__')) return undefined
  if (context.sources.has(path) || originOf(symbol) !== 'user') return undefined
  const others = members.filter(member => memberMisfit(context, member) !== undefined)
  const isClass = others.some(member => member.symbol.flags & SymbolFlags.Method || isHidden(member.symbol))
  if (others.length === 0 || (context.direction === 'output' && !isClass)) return undefined
  return {
    what: `${article(symbol.name)} of ${packageNameOf(path)}`,
    instead: adviceFor(context, members, isClass ? undefined : `Omit<${symbol.name}, '${others[0]?.symbol.name}'>`),
  }
}

/** A noun with its article. */
export function article(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}

function adviceFor({ direction }: SchemaContext, members: readonly Member[], without: string | undefined): string {
  const names = members.map(({ symbol }) => symbol.name)
  const shape = names.includes('data') ? ['dims', 'shape'].find(name => names.includes(name)) : undefined
  if (direction === 'output') {
    return shape === undefined
      ? 'Return its data in an object of your own.'
      : `Return its data: Array.from(result.data), with result.${shape} beside it where the shape matters.`
  }
  if (shape !== undefined) return `Write { data: number[]; ${shape}: number[] }, and convert it in predict.`
  return without === undefined
    ? 'Write an interface that has its data alone.'
    : `Write ${without}, or an interface of your own.`
}
