/** No value has a member under it. */
export declare const FIELDS: unique symbol

/** Marks a type as that of a form's fields. No value has the member: it is there for the reader of types. */
export interface FormFields<Fields> {
  readonly [FIELDS]?: Fields
}

/**
 * The fields of a form, `multipart/form-data` or, where no field is a file, `application/x-www-form-urlencoded`. They are
 * checked like the members of a payload, and predict gets an object of them.
 *
 * A field is text: numbers, booleans and dates are read from it, objects as JSON. A `File`, `Blob` or `Uint8Array` is a
 * file. An array is a field that occurs several times.
 *
 * @typeParam Fields - An object type.
 * @example
 * ```ts
 * predict(form: Form<{ image: File; top?: number }>) {
 *   return this.classify(await form.image.arrayBuffer(), form.top ?? 3)
 * }
 * ```
 */
export type Form<Fields extends object> = Fields & FormFields<Fields>

/** The fields of a {@link Form}; `never` for every other type. */
export type FieldsOf<Value> = typeof FIELDS extends keyof Value
  ? Value extends FormFields<infer Fields>
    ? Fields
    : never
  : never
