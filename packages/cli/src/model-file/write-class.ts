import type { JSONSchema, PredictSignature, TensorDatatype } from 'incant'

/** A model file to write a class for. */
export interface ClassToWrite {
  readonly signature: PredictSignature
  /** The path of the model from the file to be written, with slashes: `./model.onnx`. */
  readonly path: string
  /** Whether rows of several payloads may be computed together. */
  readonly batched: boolean
  /** Options of `openModel` that are not its defaults. */
  readonly options: Readonly<Record<string, string | number>>
}

/** The TypeScript of a class that does what the model file itself does, for a person to change. */
export function writeClass({ signature, path, batched, options }: ClassToWrite): string {
  const { parameters, returns, className } = signature
  const inputs = tensorsOf(parameters[0]?.schema)
  const outputs = tensorsOf(returns[0]?.schema)
  const takesIntegers = inputs.some(({ datatype, shape }) => shape !== undefined && INTEGERS.includes(datatype))
  const parts = [
    imports(batched),
    takesIntegers ? INTEGER : undefined,
    `${comment(parameters[0]?.schema)}\n${declare('Inputs', inputs, inputType)}`,
    `${comment(returns[0]?.schema)}\n${declare('Outputs', outputs, tensorType)}`,
    `/** Serves ${toComment(className)}. */\n${classText({ path, batched, options })}`,
  ]
  return `${parts.filter(part => part !== undefined).join('\n\n')}\n`
}

interface TensorText {
  readonly name: string
  readonly datatype: TensorDatatype
  /** -1: of any size. */
  readonly shape: readonly number[] | undefined
  readonly description: string
}

function tensorsOf(schema: JSONSchema = {}): readonly TensorText[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const { datatype, shape } = remarkOf(member)
    return datatype === undefined ? [] : [{ name, datatype, shape, description: member.description ?? '' }]
  })
}

function remarkOf(schema: JSONSchema): NonNullable<JSONSchema['x-incant-tensor']> {
  const alternatives = [schema, ...(schema.anyOf ?? [])]
  return alternatives.find(found => found['x-incant-tensor'] !== undefined)?.['x-incant-tensor'] ?? {}
}

function comment({ description = '' }: JSONSchema = {}): string {
  return `/** ${toComment(description)} */`
}

function imports(batched: boolean): string {
  const [base, more] = batched ? ['BatchPredictor, batch', ', rowsOf'] : ['BasePredictor', '']
  return [
    `import { ${base}, type Tensor } from 'incant'`,
    `import { type LoadedModel, openModel${more} } from 'incant/runtimes'`,
  ].join('\n')
}

const INTEGERS: readonly TensorDatatype[] = ['UINT8', 'INT64', 'UINT64']

const INTEGER = `/**
 * An integer that JSON carries without loss.
 *
 * @integer
 * @minimum ${Number.MIN_SAFE_INTEGER}
 * @maximum ${Number.MAX_SAFE_INTEGER}
 */
type Integer = number`

function declare(name: string, tensors: readonly TensorText[], toType: (tensor: TensorText) => string): string {
  const members = tensors.map(
    tensor => `  /** ${toComment(tensor.description)} */\n  ${toMember(tensor.name)}: ${toType(tensor)}`,
  )
  return [`interface ${name} {`, ...members, '}'].join('\n')
}

/** Names come from the file, and must not end a comment. */
function toComment(text: string): string {
  return text.replaceAll('*/', '*').replace(/\s+/g, ' ')
}

function toMember(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name)
}

/** A string, as it is written in code. */
function quote(text: string): string {
  const quoted = JSON.stringify(text)
  return /['\\]/.test(quoted) ? quoted : `'${quoted.slice(1, -1)}'`
}

function tensorType({ datatype, shape }: TensorText): string {
  return `Tensor<'${datatype}', ${shape === undefined ? 'number[]' : `[${shape.join(', ')}]`}>`
}

function inputType(tensor: TensorText): string {
  const nested = nestedType(tensor)
  return nested === undefined ? tensorType(tensor) : `${tensorType(tensor)} | ${nested}`
}

/** The types of innermost arrays that are typed. */
const ROWS: { readonly [datatype in TensorDatatype]?: string } = {
  FP32: 'Float32Array',
  FP64: 'Float64Array',
  INT8: 'Int8Array',
  INT16: 'Int16Array',
  INT32: 'Int32Array',
  UINT16: 'Uint16Array',
  UINT32: 'Uint32Array',
}

function nestedType({ datatype, shape }: TensorText): string | undefined {
  if (shape === undefined || datatype === 'FP16' || datatype === 'BF16') return undefined
  const row = ROWS[datatype]
  if (row !== undefined && shape.length > 0) return row + '[]'.repeat(shape.length - 1)
  return elementType(datatype) + '[]'.repeat(shape.length)
}

function elementType(datatype: TensorDatatype): string {
  if (datatype === 'BYTES') return 'string'
  if (datatype === 'BOOL') return 'boolean'
  return datatype === 'FP32' || datatype === 'FP64' ? 'number' : 'Integer'
}

function classText({ path, batched, options }: Omit<ClassToWrite, 'signature'>): string {
  const entries = Object.entries(options).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? quote(value) : value}`,
  )
  const given = entries.length === 0 ? '' : `, { ${entries.join(', ')} }`
  const [base, decorator] = batched
    ? ['BatchPredictor', '@batch({ size: rowsOf, singleRow: false })\n']
    : ['BasePredictor', '']
  return `${decorator}export default class Predictor extends ${base} {
  #model: LoadedModel<Inputs, Outputs> | undefined

  override async setup(): Promise<void> {
    this.#model = await openModel<Inputs, Outputs>(new URL(${quote(path)}, import.meta.url)${given})
    await this.#model.warmUp()
  }

  ${batched ? BATCH_METHOD : METHOD}

  override async close(): Promise<void> {
    await this.#model?.close()
  }
}`
}

const METHOD = `async predict(inputs: Inputs): Promise<Outputs> {
    if (this.#model === undefined) throw new Error('The model is not loaded.')
    return this.#model.run(inputs)
  }`

const BATCH_METHOD = `async predictBatch(payloads: Inputs[]): Promise<(Outputs | Error)[]> {
    if (this.#model === undefined) throw new Error('The model is not loaded.')
    return this.#model.runAll(payloads)
  }`
