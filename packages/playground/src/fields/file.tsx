import { formatBytes } from 'incant/internal/readings'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { fromBase64, toBase64 } from '../schema/base64.ts'
import type { Value } from '../schema/value.ts'
import type { ControlProps } from './field-props.ts'
import { FilePicker } from './file-picker.tsx'

/** A file of a form, or bytes inside JSON. */
export function FileControl({ schema, value, names, isDisabled, onChange }: ControlProps): JSX.Element {
  const isText = schema.contentEncoding === 'base64'
  const [chosen, setChosen] = useState<{ readonly file: File; readonly value: Value }>()
  const file =
    value instanceof File ? value : chosen?.value === value && value !== undefined ? chosen?.file : fileOf(value)
  const choose = async (next: File | undefined) => {
    if (next === undefined) return onChange(undefined)
    const encoded = isText ? await toBase64(next) : next
    setChosen({ file: next, value: encoded })
    onChange(encoded)
  }
  return (
    <FilePicker
      {...{ names, file, isDisabled }}
      accept={schema.contentMediaType ?? ''}
      note={file === undefined ? '' : formatBytes(file.size)}
      onChoose={next => void choose(next)}
    />
  )
}

/** The value that the JSON view or an example has set. */
function fileOf(value: Value): File | undefined {
  return typeof value === 'string' && value !== '' ? fromBase64(value) : undefined
}
