import { GrowingNumbers, type NumberScalar } from './growing-numbers.ts'
import { MalformedMessage, Reader } from './reader.ts'
import { type AnyShape, type FieldShape, type MessageShape, type Scalar, WIRE, wireTypeOf } from './shape.ts'

/** How many values a message may have; a message or a long text in it counts as several. Those of a packed field of fixed width are copied at once, and are not counted. */
export interface DecodeLimits {
  readonly maxValues: number
}

/** A message has more values than may be read one by one. */
export class TooManyValues extends Error {
  override readonly name = 'TooManyValues'
}

/**
 * Reads a message. Fields that its shape does not have are left out, and those that are not text where text is due are
 * refused, as the encoding asks for.
 *
 * @throws {MalformedMessage} Where the bytes are no message of the shape.
 * @throws {TooManyValues}
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function decode<Message>(shape: MessageShape<Message>, bytes: Uint8Array, { maxValues }: DecodeLimits): Message {
  // Every field is read as its shape says, which is the one of the message.
  return new Decoder(maxValues).message(shape, bytes) as Message
}

/** A message in a message takes the time of so many numbers. */
const COST_OF_MESSAGE = 8

/** So many bytes of a text take the time of a number. */
const TEXT_OF_VALUE = 64

type Values = Record<string, unknown>

/** The fields of a shape by their number. */
type Fields = ReadonlyMap<number, readonly [name: string, field: FieldShape]>

const FIELDS = new WeakMap<AnyShape, Fields>()

function fieldsOf(shape: AnyShape): Fields {
  const known = FIELDS.get(shape)
  if (known !== undefined) return known
  const fields = new Map(Object.entries(shape).map(([name, field]) => [field.id, [name, field] as const]))
  FIELDS.set(shape, fields)
  return fields
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

class Decoder {
  #left: number

  constructor(maxValues: number) {
    this.#left = maxValues
  }

  message(shape: AnyShape, bytes: Uint8Array): Values {
    const fields = fieldsOf(shape)
    const reader = new Reader(bytes)
    const values: Values = {}
    const numbers = new Map<string, GrowingNumbers>()
    while (!reader.isDone) {
      this.#count(1)
      const tag = reader.tag()
      const [id, wireType] = [tag >>> 3, tag & 7]
      if (id === 0) throw new MalformedMessage('a field has the number 0')
      const known = fields.get(id)
      if (known === undefined || !this.#read(known, { reader, wireType, values, numbers })) reader.skip(wireType)
    }
    for (const [name, grown] of numbers) values[name] = grown.finish()
    return values
  }

  /** Reads a field of the shape. False: it was sent as something else, which is left out as an unknown field is. */
  #read([name, field]: readonly [string, FieldShape], place: Place): boolean {
    const { type, repeated } = field
    const { reader, wireType, values } = place
    if (repeated === true && isNumber(type)) return this.#readNumbers(name, type, place)
    if (wireType !== wireTypeOf(type)) return false
    const value = this.#readValue(type, reader)
    if (repeated !== true) values[name] = value
    else this.#list(values, name).push(value)
    return true
  }

  /** Counts for as much as it costs, beside the field that it is in. */
  #readValue(type: FieldShape['type'], reader: Reader): unknown {
    if (typeof type === 'object') {
      this.#count(COST_OF_MESSAGE)
      return this.message(type, reader.bytes())
    }
    if (type !== 'string') return readScalar(type, reader)
    const bytes = reader.bytes()
    this.#count(Math.floor(bytes.byteLength / TEXT_OF_VALUE))
    return readText(bytes)
  }

  #list(values: Values, name: string): unknown[] {
    // Nothing else is written under the name of a repeated field.
    const list = (values[name] ?? []) as unknown[]
    values[name] = list
    return list
  }

  /** Packed or one by one: readers take both. */
  #readNumbers(name: string, type: NumberScalar, { reader, wireType, numbers }: Place): boolean {
    const isPacked = wireType === WIRE.bytes
    if (!isPacked && wireType !== wireTypeOf(type)) return false
    const grown = numbers.get(name) ?? new GrowingNumbers(type)
    numbers.set(name, grown)
    if (!isPacked) grown.read(reader, 1)
    else {
      const bytes = reader.bytes()
      if (!grown.takesWhole(bytes)) this.#count(grown.readAll(bytes, this.#left + 1))
    }
    return true
  }

  #count(values: number): void {
    this.#left -= values
    if (this.#left < 0) throw new TooManyValues()
  }
}

interface Place {
  readonly reader: Reader
  readonly wireType: number
  readonly values: Values
  readonly numbers: Map<string, GrowingNumbers>
}

function isNumber(type: FieldShape['type']): type is NumberScalar {
  return typeof type === 'string' && type !== 'string' && type !== 'bytes'
}

function readScalar(type: Exclude<Scalar, 'string'>, reader: Reader): unknown {
  if (type === 'bytes') return reader.bytes()
  if (type === 'float') return reader.float()
  if (type === 'double') return reader.double()
  reader.varint()
  const { low, high } = reader
  if (type === 'bool') return low !== 0 || high !== 0
  if (type === 'int32') return low | 0
  if (type === 'uint32') return low
  const whole = (BigInt(high) << 32n) | BigInt(low)
  return type === 'int64' ? BigInt.asIntN(64, whole) : whole
}

function readText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new MalformedMessage('a text is not UTF-8')
  }
}
