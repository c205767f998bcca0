/** Writes ONNX files, as small as they can be: what is in them is chosen field by field. */

/** A field of a message: a number, a text, or a message. */
type Content = number | string | Uint8Array

const encoder = new TextEncoder()

/** A message of fields, each with its number. */
export function message(...fields: readonly (readonly [number: number, content: Content])[]): Uint8Array {
  return join(fields.map(([number, content]) => field(number, content)))
}

function field(number: number, content: Content): Uint8Array {
  if (typeof content === 'number') return join([varint(number * 8), varint(content)])
  const bytes = typeof content === 'string' ? encoder.encode(content) : content
  return join([varint(number * 8 + 2), varint(bytes.length), bytes])
}

export function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Uint8Array.from([...bytes, rest])
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]))
}

/** A ValueInfoProto of a tensor; a text is the name of a dimension. */
export function tensor(name: string, elementType: number, shape?: readonly (number | string)[]): Uint8Array {
  const dimensions = (shape ?? []).map(size => [1, message(typeof size === 'number' ? [1, size] : [2, size])] as const)
  const described: readonly (readonly [number, Content])[] = shape === undefined ? [] : [[2, message(...dimensions)]]
  return message([1, name], [2, message([1, message([1, elementType], ...described)])])
}

/** A ValueInfoProto of something else: a sequence is 4, a map 5, an optional value 9. */
export function otherValue(name: string, kind: number): Uint8Array {
  return message([1, name], [2, message([kind, message()])])
}

/** A TensorProto with its elements here. */
export function weight(name: string, bytes = 16): Uint8Array {
  return message([1, 4], [2, 1], [8, name], [9, new Uint8Array(bytes)])
}

/** A TensorProto with its elements in another file. */
export function externalWeight(location: string): Uint8Array {
  return message([2, 1], [8, 'w'], [13, message([1, 'location'], [2, location])], [14, 1])
}

/** A NodeProto with a graph in it, as `If` has. */
export function nodeWith(graph: Uint8Array): Uint8Array {
  return message([4, 'If'], [5, message([1, 'then_branch'], [6, graph])])
}

/** What a graph has. */
export interface GraphParts {
  readonly inputs?: readonly Uint8Array[]
  readonly outputs?: readonly Uint8Array[]
  readonly weights?: readonly Uint8Array[]
  readonly nodes?: readonly Uint8Array[]
}

const OUTPUT = tensor('y', 1, ['n', 2])

export function graph({ inputs = [], outputs = [OUTPUT], weights = [], nodes = [] }: GraphParts = {}): Uint8Array {
  const list = (number: number, contents: readonly Uint8Array[]) => contents.map(content => [number, content] as const)
  return message(...list(1, nodes), [2, 'g'], ...list(5, weights), ...list(11, inputs), ...list(12, outputs))
}

/** A ModelProto. */
export function model(parts: GraphParts = {}): Uint8Array {
  return message([1, 8], [2, 'test'], [7, graph(parts)], [8, message([1, ''], [2, 17])])
}
