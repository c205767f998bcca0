import {
  type Checker,
  type ClassDeclaration,
  type ClassExpression,
  type Compilation,
  isClassDeclaration,
  isClassExpression,
  isVariableStatement,
  ModifierFlags,
  type Node,
  SignatureKind,
  type SourceFile,
  SymbolFlags,
  sourceFileOf,
  type Type,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { originOf } from '../compiler/origin.ts'
import { baseTypesOf } from '../types/builtins.ts'
import { abstractPredictor, noPredictor, notExported, severalPredictors } from './errors.ts'
import type { PredictorClass } from './predictor-class.ts'

/** Finds the classes that can be served, or the requested one. */
export function findPredictors(
  compilation: Compilation,
  className: string | undefined,
  all: boolean,
): readonly PredictorClass[] {
  const source = sourceFileOf(compilation)
  const exports = exportedPredictors(compilation.checker, source)
  const isExported = (local: PredictorClass) => exports.some(one => one.classType.id === local.classType.id)
  const found = [...exports, ...localPredictors(compilation.checker, source).filter(local => !isExported(local))]
  const chosen = className === undefined ? found : found.filter(one => isNamed(one, className))
  if (chosen.length === 0) throw noPredictor(compilation, found, className)
  const concrete = chosen.filter(one => !one.isAbstract)
  const exported = concrete.filter(one => one.exportName !== undefined)
  if (concrete.length === 0) throw abstractPredictor(chosen)
  if (exported.length === 0) throw notExported(concrete)
  if (exported.length > 1 && !all) throw severalPredictors(compilation, exported)
  return exported
}

function isNamed({ className, exportName }: PredictorClass, wanted: string): boolean {
  return className === wanted || exportName === wanted
}

function exportedPredictors(checker: Checker, source: SourceFile): readonly PredictorClass[] {
  const module = checker.getSymbolAtLocation(source)
  const byClass = new Map<number, PredictorClass>()
  for (const { symbol, name } of module === undefined ? [] : moduleExports(checker, module)) {
    const predictor = readClass(checker, symbol, name)
    const identity = predictor?.classType.id
    if (predictor === undefined || identity === undefined) continue
    // The default export names a class that has two names.
    if (!byClass.has(identity) || name === 'default') byClass.set(identity, predictor)
  }
  return [...byClass.values()]
}

/** A module's exports as an import sees them: what `module.exports` is, is the default, and its members are named. */
function moduleExports(
  checker: Checker,
  module: TypeSymbol,
): readonly { readonly symbol: TypeSymbol; readonly name: string }[] {
  const whole = [...module.getExports().values()].filter(symbol => symbol.name === 'export=')
  const members = whole.flatMap(symbol => {
    const type = symbol.flags & SymbolFlags.Property ? checker.getTypeOfSymbol(symbol) : undefined
    return type === undefined ? [] : checker.getPropertiesOfType(type)
  })
  return [...whole, ...members, ...checker.getExportsOfModule(module)].map(exported => ({
    symbol: exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported,
    name: exported.name === 'export=' ? 'default' : exported.name,
  }))
}

function localPredictors(checker: Checker, source: SourceFile): readonly PredictorClass[] {
  return source.statements.flatMap(statement => {
    if (hasExport(statement)) return []
    const names = isVariableStatement(statement)
      ? statement.declarationList.declarations.map(declaration => declaration.name)
      : isClassDeclaration(statement) && statement.name !== undefined
        ? [statement.name]
        : []
    return names.flatMap(name => {
      const symbol = checker.getSymbolAtLocation(name)
      return (symbol && readClass(checker, symbol, undefined)) ?? []
    })
  })
}

function hasExport(node: Node): boolean {
  // Every statement that can be exported has the flags, the others have none.
  const { modifierFlags = 0 } = node as Node & { readonly modifierFlags?: number }
  return (modifierFlags & ModifierFlags.Export) !== 0
}

function readClass(checker: Checker, symbol: TypeSymbol, exportName: string | undefined): PredictorClass | undefined {
  if (!(symbol.flags & (SymbolFlags.Class | SymbolFlags.Variable | SymbolFlags.Property))) return undefined
  const classType = checker.getTypeOfSymbol(symbol)
  if (classType === undefined) return undefined
  const instanceType = instanceTypeOf(checker, symbol, classType)
  if (instanceType === undefined || !extendsBasePredictor(checker, instanceType)) return undefined
  const node = classNode(classType.getSymbol() ?? symbol)
  return {
    checker,
    symbol,
    className: classNameOf(node, symbol),
    exportName,
    isAbstract: isAbstract(node, symbol),
    instanceType,
    classType,
    node,
  }
}

function instanceTypeOf(checker: Checker, symbol: TypeSymbol, classType: Type): Type | undefined {
  if (symbol.flags & SymbolFlags.Class) return checker.getDeclaredTypeOfSymbol(symbol)
  const [construct] = checker.getSignaturesOfType(classType, SignatureKind.Construct)
  return construct && checker.getReturnTypeOfSignature(construct)
}

/** Whether a class's chain of bases reaches the one that `incant` declares, in whichever copy of the package. */
function extendsBasePredictor(checker: Checker, type: Type): boolean {
  return baseTypesOf(checker, type).some(base => isBasePredictor(base) || extendsBasePredictor(checker, base))
}

function isBasePredictor(type: Type): boolean {
  const symbol = type.getSymbol()
  return symbol?.name === 'BasePredictor' && originOf(symbol) === 'incant'
}

function classNode(symbol: TypeSymbol): ClassDeclaration | ClassExpression | undefined {
  const node = symbol.valueDeclaration?.resolve()
  return node !== undefined && (isClassDeclaration(node) || isClassExpression(node)) ? node : undefined
}

function classNameOf(node: PredictorClass['node'], symbol: TypeSymbol): string {
  return node?.name?.text ?? (symbol.name === 'export=' ? 'default' : symbol.name)
}

function isAbstract(node: PredictorClass['node'], symbol: TypeSymbol): boolean {
  const isBase = symbol.name === 'BasePredictor' && originOf(symbol) === 'incant'
  return isBase || ((node?.modifierFlags ?? 0) & ModifierFlags.Abstract) !== 0
}
