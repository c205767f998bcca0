import { RequestError } from '../errors/request-error.ts'
import type { TensorDatatype } from '../predictor/tensor.ts'
import { elementClass } from '../schema/element-class.ts'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { countElements } from '../schema/tensor.ts'
import { tensorForm } from '../schema/tensor-form.ts'
import { isFault } from '../schema/tensor-layout.ts'
import type { BodyParameter } from '../signature/resolve.ts'
import { definitionOf } from '../validation/json-types.ts'

/** The content type of a tensor's elements alone. */
export const ELEMENTS = 'application/octet-stream'

/** A payload with one tensor and nothing else, whose body may be the elements of it. */
export interface TensorBody {
  /** The member of the payload. Absent: the payload is the tensor. */
  readonly member: string | undefined
  readonly datatype: TensorDatatype
  /** -1: of any size. */
  readonly shape: readonly number[]
}

/** How a body of elements is read; undefined where the payload is anything else than one `Tensor`. */
export function planTensorBody({ role, schema }: BodyParameter, definitions: Definitions): TensorBody | undefined {
  if (role !== 'payload' || schema === undefined) return undefined
  const follow = (given: JSONSchema): JSONSchema =>
    given.$ref === undefined ? given : (definitionOf(given.$ref, definitions) ?? given)
  const whole = planTensor(follow(schema), follow, undefined)
  const [only, ...others] = Object.entries(follow(schema).properties ?? {})
  return whole ?? (only === undefined || others.length > 0 ? undefined : planTensor(only[1], follow, only[0]))
}

function planTensor(
  schema: JSONSchema,
  follow: (schema: JSONSchema) => JSONSchema,
  member: string | undefined,
): TensorBody | undefined {
  const form = tensorForm(schema, follow)
  if (isFault(form) || form.layout.kind !== 'tensor' || form.datatype === 'BYTES') return undefined
  return { member, datatype: form.datatype, shape: form.shape }
}

/**
 * The payload of a body of elements: little-endian, in row-major order. A shape with one free dimension follows from their
 * number; any other is a parameter of the content type.
 *
 * @throws {RequestError} `invalid_payload`, `empty_body`.
 */
export function readTensorBody(bytes: Uint8Array<ArrayBuffer>, contentType: string, plan: TensorBody): unknown {
  const { member, datatype } = plan
  if (bytes.length === 0) throw new RequestError('empty_body')
  const Elements = elementClass(datatype) ?? Uint8Array
  const size = Elements.BYTES_PER_ELEMENT
  const count = bytes.length / size
  if (!Number.isInteger(count)) throw refuse(`must have elements of ${size} bytes each, as ${datatype} has`)
  const shape = readShape(contentType) ?? inferShape(plan, count)
  const view = new Elements(bytes.buffer)
  const data = datatype === 'BOOL' ? Array.from(bytes, bit => bit !== 0) : view
  const tensor = { datatype, shape, data }
  return member === undefined ? tensor : { [member]: tensor }
}

/** `application/octet-stream; shape="1,3,224,224"` */
function readShape(contentType: string): readonly number[] | undefined {
  const written = /;\s*shape="?([\d, ]*)"?/i.exec(contentType)?.[1]
  if (written === undefined) return undefined
  return written.trim() === '' ? [] : written.split(',').map(Number)
}

function inferShape({ datatype, shape }: TensorBody, count: number): readonly number[] {
  const free = shape.filter(size => size === -1).length
  if (free === 0) return shape
  const example = shape.map(size => (size === -1 ? 1 : size)).join(',')
  if (free > 1) throw refuse(`must have its shape in the content type: ${ELEMENTS}; shape="${example}"`)
  const fixed = countElements(shape.filter(size => size !== -1))
  if (!Number.isInteger(count / fixed)) throw refuse(`must have a multiple of ${fixed} elements of ${datatype}`)
  return shape.map(size => (size === -1 ? count / fixed : size))
}

function refuse(detail: string): RequestError {
  return new RequestError('invalid_payload', {
    detail: 'The payload does not match what predict takes.',
    issues: [{ pointer: '#', detail }],
  })
}
