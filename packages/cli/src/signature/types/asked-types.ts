import type { Span } from '../compiler/alias-marks.ts'
import {
  isArrayTypeNode,
  isConditionalTypeNode,
  isInferTypeNode,
  isIntersectionTypeNode,
  isParenthesizedTypeNode,
  isPropertySignatureDeclaration,
  isTupleTypeNode,
  isTypeLiteralNode,
  isTypeReferenceNode,
  isUnionTypeNode,
  type Node,
  type SourceFile,
  SyntaxKind,
} from '../compiler/compiler.ts'

/** Conditional types of the standard library, whose text is the compiler's own: they ask for their second argument. */
const ASKING: ReadonlySet<string> = new Set(['Exclude', 'Extract'])

/**
 * The types that the conditional types of a file ask for, and that a mark could be taken for: `object` and `null` of
 * `T extends object | null ? …` apart, those inside of tuples, members and type arguments, too. What is inferred stays.
 */
export function askedTypes(source: SourceFile): readonly Span[] {
  const spans: Span[] = []
  const wrap = (node: Node): void => void spans.push({ start: node.getStart(source), end: node.end })
  const ask = (node: Node): void => {
    if (isTypeReferenceNode(node)) {
      if (!infers(node)) wrap(node)
      for (const argument of node.typeArguments ?? []) ask(argument)
    } else if (isTypeLiteralNode(node)) {
      if (!infers(node)) wrap(node)
      for (const member of node.members) if (isPropertySignatureDeclaration(member)) member.forEachChild(ask)
    } else if (node.kind === SyntaxKind.ObjectKeyword) wrap(node)
    else if (isTransparent(node)) node.forEachChild(ask)
  }
  const visit = (node: Node): void => {
    if (isConditionalTypeNode(node)) ask(node.extendsType)
    if (isTypeReferenceNode(node) && ASKING.has(node.typeName.getText(source)))
      node.typeArguments?.slice(1).forEach(ask)
    node.forEachChild(visit)
  }
  visit(source)
  return spans
}

/** Whether what is asked inside of a type is asked of what is inside of the other. */
function isTransparent(node: Node): boolean {
  const kinds = [isUnionTypeNode, isIntersectionTypeNode, isTupleTypeNode, isArrayTypeNode, isParenthesizedTypeNode]
  return kinds.some(isKind => isKind(node))
}

function infers(node: Node): boolean {
  let found = isInferTypeNode(node)
  node.forEachChild(child => {
    found ||= infers(child)
  })
  return found
}
