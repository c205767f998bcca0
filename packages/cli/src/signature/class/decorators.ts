import {
  type Checker,
  isCallExpression,
  isDecorator,
  type Node,
  SymbolFlags,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { originOf } from '../compiler/origin.ts'

/** Decorators that say roles or the schema at run time, and win over the types. */
const ROLE_DECORATORS: readonly string[] = ['takes', 'input', 'withFullRequest']

/** Whether a class or its `predict` carries a decorator of `incant`'s that says what the types would. */
export function hasRoleDecorator(checker: Checker, classNode: Node | undefined, predict: TypeSymbol): boolean {
  const nodes = [classNode, ...predict.declarations.map(declaration => declaration.resolve())]
  return nodes.some(node => node !== undefined && decoratorsOf(checker, node).some(isRoleDecorator))
}

function isRoleDecorator(symbol: TypeSymbol): boolean {
  return ROLE_DECORATORS.includes(symbol.name) && originOf(symbol) === 'incant'
}

function decoratorsOf(checker: Checker, node: Node): readonly TypeSymbol[] {
  // A node that can be decorated has modifiers, decorators among them.
  const { modifiers = [] } = node as Node & { readonly modifiers?: readonly Node[] }
  return modifiers.filter(isDecorator).flatMap(({ expression }) => {
    const symbol = checker.getSymbolAtLocation(isCallExpression(expression) ? expression.expression : expression)
    if (symbol === undefined) return []
    return [symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol]
  })
}
