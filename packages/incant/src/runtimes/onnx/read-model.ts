import { fieldsOf, type Message, MessageError, readStart, readText } from './protobuf.ts'
import { type GraphValue, readValue } from './read-values.ts'

/** The parts of a ModelProto that are read: all but nodes and weights. */
export interface ReadModel {
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
  readonly description: string
  /** The paths of the files with weights outside this one, as the file names them. */
  readonly externalFiles: ReadonlySet<string>
}

// Field numbers of onnx.proto.
const MODEL = { version: 1, description: 6, graph: 7, functions: 25 }
const GRAPH = { node: 1, initializer: 5, description: 10, input: 11, output: 12, sparseInitializer: 15 }
const TENSOR = { name: 8, externalData: 13 }
const SPARSE = { values: 1, indices: 2 }
const ENTRY = { key: 1, value: 2 }

/** The messages that weights can be in, and the fields that lead to more of them. */
type Kind = 'graph' | 'function' | 'node' | 'attribute' | 'tensor' | 'sparse'

const INSIDE: { readonly [kind in Kind]: { readonly [field: number]: Kind } } = {
  graph: { [GRAPH.node]: 'node', [GRAPH.initializer]: 'tensor', [GRAPH.sparseInitializer]: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { [SPARSE.values]: 'tensor', [SPARSE.indices]: 'tensor' },
  tensor: {},
}

/** Graphs in nodes of graphs, at most. */
const DEEPEST = 100

/** Finds out how far a model could be read, for what is said of one that cannot. */
export interface ReadProgress {
  /** Whether the first field was that of a model. */
  isModel: boolean
}

/**
 * Reads a ModelProto. Undefined where there is no graph.
 *
 * @throws {MessageError}
 */
export function readModel(message: Message, progress: ReadProgress): ReadModel | undefined {
  const externalFiles = new Set<string>()
  let graph: Pick<ReadModel, 'inputs' | 'outputs' | 'description'> | undefined
  let description = ''
  for (const { number, value, content } of fieldsOf(message)) {
    if (number === MODEL.version && value !== undefined) progress.isModel = true
    if (number === MODEL.description) description = readStart(content)
    if (number === MODEL.functions) collectExternalFiles(content, { kind: 'function', found: externalFiles, depth: 0 })
    if (number !== MODEL.graph) continue
    graph = readGraph(content)
    collectExternalFiles(content, { kind: 'graph', found: externalFiles, depth: 0 })
  }
  return graph && { ...graph, description: description || graph.description, externalFiles }
}

/** Weights that a caller may replace are among the inputs in old files: they are no inputs here. */
function readGraph(message: Message): Pick<ReadModel, 'inputs' | 'outputs' | 'description'> {
  const inputs: GraphValue[] = []
  const outputs: GraphValue[] = []
  const weights = new Set<string>()
  let description = ''
  for (const { number, content } of fieldsOf(message)) {
    if (number === GRAPH.input) inputs.push(readValue(content))
    if (number === GRAPH.output) outputs.push(readValue(content))
    if (number === GRAPH.initializer) weights.add(nameOf(content))
    if (number === GRAPH.description) description = readStart(content)
  }
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs, description }
}

function nameOf(message: Message): string {
  for (const { number, content } of fieldsOf(message)) if (number === TENSOR.name) return readText(content)
  return ''
}

interface Search {
  readonly kind: Kind
  readonly found: Set<string>
  readonly depth: number
}

function collectExternalFiles(message: Message, { kind, found, depth }: Search): void {
  if (depth > DEEPEST) throw new MessageError('graphs are nested too deep')
  for (const { number, content } of fieldsOf(message)) {
    if (kind === 'tensor' && number === TENSOR.externalData) addLocation(content, found)
    const inner = INSIDE[kind][number]
    if (inner !== undefined) collectExternalFiles(content, { kind: inner, found, depth: depth + 1 })
  }
}

function addLocation(message: Message, found: Set<string>): void {
  const fields = [...fieldsOf(message)]
  const text = (wanted: number): string => {
    const field = fields.find(({ number }) => number === wanted)
    return field === undefined ? '' : readText(field.content)
  }
  if (text(ENTRY.key) === 'location') found.add(text(ENTRY.value))
}
