import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Schema } from '../document/openapi.ts'
import { type ReadNumbers, readIntegers, readMatrix, readNumbers } from '../schema/numbers.ts'
import { type Components, resolve } from '../schema/resolve.ts'
import { isArray, type Value } from '../schema/value.ts'
import type { ControlProps } from './field-props.ts'
import { useForm } from './form-context.ts'

/** The largest number of numbers shown as text. */
const MOST_SHOWN = 2000

/** Many numbers: typed one after another or in rows, or from a file. */
export function NumbersControl({ schema, value, names, isDisabled, isRequired, onChange }: ControlProps): JSX.Element {
  const { components } = useForm()
  const [typed, setTyped] = useState<{ readonly text: string; readonly value: Value }>()
  const [wrong, setWrong] = useState('')
  const items = isArray(value) ? value : []
  const isLarge = countOf(items) > MOST_SHOWN
  const read = (text: string) => {
    const found = readerOf(schema, components)(text)
    const next = found.ok ? found.value : undefined
    setWrong(found.ok ? '' : found.reason)
    // Unfinished numbers, such as `1.`, stay as typed.
    setTyped({ text, value: next })
    onChange(text.trim() === '' && value === undefined ? undefined : next)
  }
  const text = typed !== undefined && typed.value === value ? typed.text : write(items)
  return (
    <div class="numbers">
      {isLarge ? (
        <p class="large" id={names.id}>
          {describeShape(items)}
        </p>
      ) : (
        <textarea
          {...names}
          rows={2}
          class="mono"
          spellcheck={false}
          aria-required={isRequired}
          disabled={isDisabled}
          placeholder={isMatrix(schema, components) ? '1, 2, 3\n4, 5, 6' : '1, 2, 3'}
          value={text}
          onInput={event => read(event.currentTarget.value)}
        />
      )}
      <div class="row">
        <label class="button quiet">
          From a file
          <input
            type="file"
            class="hidden-file"
            accept=".csv,.json,.txt,.tsv,text/*,application/json"
            disabled={isDisabled}
            onChange={event => void readFile(event.currentTarget.files?.[0], read)}
          />
        </label>
        <span class="counter">{wrong === '' && !isLarge && items.length > 0 ? describeShape(items) : wrong}</span>
      </div>
    </div>
  )
}

async function readFile(file: File | undefined, read: (text: string) => void): Promise<void> {
  if (file !== undefined) read(await file.text())
}

function isMatrix({ items }: Schema, components: Components): boolean {
  return items !== undefined && items !== false && resolve(items, components).type === 'array'
}

function readerOf(schema: Schema, components: Components): (text: string) => ReadNumbers<Value> {
  if (isMatrix(schema, components)) return readMatrix
  return schema.items && resolve(schema.items, components).type === 'string' ? readIntegers : readNumbers
}

function write(items: readonly Value[]): string {
  return items.every(isArray)
    ? items.map(row => (isArray(row) ? row.join(', ') : '')).join('\n')
    : items.map(String).join(', ')
}

function countOf(items: readonly Value[]): number {
  return items.reduce<number>((count, item) => count + (isArray(item) ? item.length : 1), 0)
}

/** `784 numbers`, `28 × 28 numbers`. */
function describeShape(items: readonly Value[]): string {
  const [first] = items
  const count = items.length.toLocaleString('en')
  if (!isArray(first)) return `${count} number${items.length === 1 ? '' : 's'}`
  const width = items.every(row => isArray(row) && row.length === first.length) ? String(first.length) : 'uneven'
  return `${count} × ${width} numbers`
}
