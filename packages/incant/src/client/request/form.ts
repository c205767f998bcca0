import { tagOf } from '../../json/wire-form.ts'
import { writeJSON } from './json.ts'

/** Fields that are sent as a form. Made by {@link form}. */
export class FormBody<Fields extends object = object> {
  /** Keeps an object of the same shape from passing for one. */
  readonly #fields: Fields

  constructor(fields: Fields) {
    this.#fields = fields
  }

  /** The form. @throws {TypeError} For a field that has no text, and for an empty array. */
  toFormData(): FormData {
    const form = new FormData()
    for (const [name, value] of Object.entries(this.#fields)) {
      for (const part of toParts(name, value)) form.append(name, part)
    }
    return form
  }
}

/**
 * Sends fields as `multipart/form-data`, to a predictor that takes a `Form`: blobs and bytes as files, arrays of texts
 * and files as a field that occurs several times, objects as JSON, everything else as the text it has in JSON.
 * `undefined` is left out; an empty array is refused, since in a form it looks like a missing field.
 *
 * @example
 * ```ts
 * await model.predict(form({ image: await openAsBlob('cat.png'), top: 3 }))
 * ```
 */
export function form<Fields extends object>(fields: Fields): FormBody<Fields> {
  return new FormBody(fields)
}

function toParts(name: string, value: unknown): readonly (string | Blob)[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) return [toPart(value)]
  if (value.length === 0)
    throw new TypeError(`The field ${name} is an empty array, which no form can carry: leave it out.`)
  // Text in an array is a field that occurs again; the rest is JSON as a whole, which is shorter.
  return value.some(item => isRepeated(item)) ? value.map(toPart) : [writeJSON(value)]
}

function isRepeated(item: unknown): boolean {
  return typeof item === 'string' || typeof item === 'bigint' || item instanceof Date || toFile(item) !== undefined
}

function toPart(value: unknown): string | Blob {
  const file = toFile(value)
  if (file !== undefined) return file
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return String(value)
  if (value === null) return ''
  return value instanceof Date ? value.toISOString() : writeJSON(value)
}

/** A blob of any realm, or bytes as one. */
function toFile(value: unknown): Blob | undefined {
  const tag = tagOf(value)
  // The tag says what it is.
  if (tag === 'File' || tag === 'Blob') return value as Blob
  return tag === 'Uint8Array' || tag === 'ArrayBuffer' ? new Blob([value as Uint8Array<ArrayBuffer>]) : undefined
}
