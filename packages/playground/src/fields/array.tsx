import type { JSX } from 'preact'
import { blank } from '../schema/blank.ts'
import { kindOf } from '../schema/kind.ts'
import { pointerTo } from '../schema/pointer.ts'
import { resolve, splitNull } from '../schema/resolve.ts'
import { isArray, type Value, withItem } from '../schema/value.ts'
import { Field } from './field.tsx'
import type { ControlProps } from './field-props.ts'
import { useForm } from './form-context.ts'

/** A list of items that can be added, removed, moved, or pasted as lines. */
export function RowsControl({ schema, value, pointer, onChange }: ControlProps): JSX.Element {
  const { components } = useForm()
  const items = isArray(value) ? value : []
  const itemSchema = schema.items || {}
  const kind = kindOf(splitNull(resolve(itemSchema, components)).schema, components)
  const paste = (event: ClipboardEvent, index: number) => {
    const lines = event.clipboardData?.getData('text').replace(/\n$/, '').split('\n') ?? []
    if (lines.length < 2 || (kind !== 'text' && kind !== 'number')) return
    event.preventDefault()
    const pasted = lines.map(line => (kind === 'number' ? Number(line) : line.replace(/\r$/, '')))
    onChange([...items.slice(0, index), ...pasted, ...items.slice(index + 1)])
  }
  return (
    <div class="rows">
      {items.map((item, index) => (
        // Items have no identity other than their index.
        <div class="item" key={index} onPaste={event => paste(event, index)}>
          <Field
            schema={itemSchema}
            value={item}
            pointer={pointerTo(pointer, index)}
            label={`${index + 1}`}
            isRequired={true}
            onChange={next => onChange(withItem(items, index, next))}
          />
          <RowTools {...{ items, index, onChange }} />
        </div>
      ))}
      <button
        type="button"
        class="add"
        disabled={items.length >= (schema.maxItems ?? Number.POSITIVE_INFINITY)}
        // A new string is empty until something is typed.
        onClick={() => onChange([...items, blank(itemSchema, components) ?? (kind === 'text' ? '' : undefined)])}
      >
        Add an item
      </button>
    </div>
  )
}

interface RowToolsProps {
  readonly items: readonly Value[]
  readonly index: number
  readonly onChange: (value: Value) => void
}

function RowTools({ items, index, onChange }: RowToolsProps): JSX.Element {
  const swap = (other: number) => onChange(withItem(withItem(items, index, items[other]), other, items[index]))
  return (
    <span class="row-tools">
      <button
        type="button"
        class="quiet"
        aria-label={`Move item ${index + 1} up`}
        disabled={index === 0}
        onClick={() => swap(index - 1)}
      >
        ↑
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={`Move item ${index + 1} down`}
        disabled={index === items.length - 1}
        onClick={() => swap(index + 1)}
      >
        ↓
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={`Remove item ${index + 1}`}
        onClick={() => onChange(items.filter((_, at) => at !== index))}
      >
        ×
      </button>
    </span>
  )
}

/** A tuple: items with a type each, then more items of one type if the tuple is open. */
export function TupleControl({ schema, value, pointer, onChange }: ControlProps): JSX.Element {
  const { prefixItems = [], items: rest, minItems = 0 } = schema
  const { components } = useForm()
  const items = isArray(value) ? value : []
  const change = (index: number, next: Value) => {
    const filled = Array.from({ length: Math.max(items.length, index + 1) }, (_, at) =>
      at === index ? next : items[at],
    )
    while (filled.length > minItems && filled.at(-1) === undefined) filled.pop()
    onChange(filled)
  }
  const draw = (index: number) => {
    const itemSchema = prefixItems[index] ?? (rest || {})
    return (
      <Field
        key={index}
        schema={itemSchema}
        value={items[index]}
        pointer={pointerTo(pointer, index)}
        label={resolve(itemSchema, components).title ?? `${index + 1}`}
        isRequired={index < minItems}
        onChange={next => change(index, next)}
      />
    )
  }
  const count = rest ? Math.max(prefixItems.length, items.length) : prefixItems.length
  return (
    <div class="tuple">
      {Array.from({ length: count }, (_, index) => draw(index))}
      {rest && (
        <button type="button" class="add" onClick={() => onChange([...padded(items, prefixItems.length), null])}>
          Add an item
        </button>
      )}
    </div>
  )
}

function padded(items: readonly Value[], length: number): readonly Value[] {
  return Array.from({ length: Math.max(items.length, length) }, (_, index) => items[index])
}
