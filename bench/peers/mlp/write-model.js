import { writeFileSync } from 'node:fs'

/** Numbers that go into each layer, and out of the last. */
const SIZES = [512, 2048, 2048, 512]
const FLOAT = 1

/** Writes a classifier of three dense layers as ONNX: input x and output y, of one row for each item. */
export function writeModel(path) {
  const random = makeRandom(1)
  const layers = SIZES.slice(1).map((outputs, index) => makeLayer(index, SIZES[index], outputs, random))
  const graph = message(
    ...layers.flatMap(({ nodes }) => nodes.map(node => [1, node])),
    [2, 'classifier'],
    ...layers.flatMap(({ weights }) => weights.map(weight => [5, weight])),
    [11, describeMatrix('x', SIZES.at(0))],
    [12, describeMatrix('y', SIZES.at(-1))],
  )
  // Version 8 of the format, version 17 of the operators.
  writeFileSync(path, message([1, 8], [7, graph], [8, message([1, ''], [2, 17])]))
}

function makeLayer(index, inputs, outputs, random) {
  const isLast = index === SIZES.length - 2
  const input = index === 0 ? 'x' : `layer${index - 1}`
  const output = isLast ? 'y' : `layer${index}`
  const [weight, bias, sum] = ['weight', 'bias', 'sum'].map(name => `${name}${index}`)
  const scale = Math.sqrt(2 / inputs)
  return {
    nodes: isLast
      ? [makeNode('Gemm', [input, weight, bias], output)]
      : [makeNode('Gemm', [input, weight, bias], sum), makeNode('Relu', [sum], output)],
    weights: [
      makeTensor(weight, [inputs, outputs], () => scale * (2 * random() - 1)),
      makeTensor(bias, [outputs], () => 0.1 * random()),
    ],
  }
}

/** The same numbers from 0 to 1 each time, by a linear congruential generator. */
function makeRandom(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A NodeProto. */
function makeNode(operator, inputs, output) {
  return message(...inputs.map(input => [1, input]), [2, output], [4, operator])
}

/** A TensorProto. */
function makeTensor(name, shape, next) {
  const count = shape.reduce((product, size) => product * size)
  const values = Float32Array.from({ length: count }, next)
  return message(...shape.map(size => [1, size]), [2, FLOAT], [8, name], [9, Buffer.from(values.buffer)])
}

/** A ValueInfoProto. */
function describeMatrix(name, columns) {
  const shape = message([1, message([2, 'n'])], [1, message([1, columns])])
  return message([1, name], [2, message([1, message([1, FLOAT], [2, shape])])])
}

/** A message of protocol buffers. */
function message(...fields) {
  return Buffer.concat(fields.flatMap(([number, content]) => encodeField(number, content)))
}

function encodeField(number, content) {
  if (typeof content === 'number') return [encodeInteger(number * 8), encodeInteger(content)]
  const bytes = Buffer.from(content)
  return [encodeInteger(number * 8 + 2), encodeInteger(bytes.length), bytes]
}

function encodeInteger(value) {
  const bytes = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}
