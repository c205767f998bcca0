import type { Checker, ClassDeclaration, ClassExpression, Type, TypeSymbol } from '../compiler/compiler.ts'
import { locateHandle, locateNode } from '../compiler/location.ts'

/** A class in the predictor file that extends `BasePredictor`. */
export interface PredictorClass {
  readonly checker: Checker
  readonly symbol: TypeSymbol
  readonly className: string
  readonly exportName: string | undefined
  readonly isAbstract: boolean
  /** An instance of it. */
  readonly instanceType: Type
  /** The class itself: its static side and constructor. */
  readonly classType: Type
  readonly node: ClassDeclaration | ClassExpression | undefined
}

/** The place of a class. */
export function locationOf({ node, symbol }: PredictorClass): ReturnType<typeof locateHandle> {
  if (node !== undefined) return locateNode(node)
  return symbol.declarations[0] && locateHandle(symbol.declarations[0])
}
