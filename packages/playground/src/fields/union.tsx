import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Schema } from '../document/openapi.ts'
import { blank } from '../schema/blank.ts'
import { chooseAlternative, keepFitting } from '../schema/fit.ts'
import { alternativesOf } from '../schema/kind.ts'
import { type Components, resolve } from '../schema/resolve.ts'
import { isObject, type Value } from '../schema/value.ts'
import { Field } from './field.tsx'
import type { ControlProps } from './field-props.ts'
import { useForm } from './form-context.ts'

/** A union: a choice of the type, then its fields. Values that fit the next type are kept. */
export function UnionControl({ schema, value, pointer, names, onChange }: ControlProps): JSX.Element {
  const { components } = useForm()
  const [chosen, setChosen] = useState(0)
  const alternatives = alternativesOf(schema, components)
  const current = chooseAlternative(alternatives, value, { chosen, components })
  const choose = (index: number) => {
    setChosen(index)
    onChange(startOf(value, alternatives[current] ?? {}, { to: alternatives[index] ?? {}, components }))
  }
  const alternative = alternatives[current] ?? {}
  const { title: _title, description: _description, ...plain } = alternative
  return (
    <div class="union">
      <select
        {...names}
        aria-labelledby={`${names.id}-label`}
        value={String(current)}
        onChange={event => choose(Number(event.currentTarget.value))}
      >
        {alternatives.map((_, index) => (
          <option key={index} value={String(index)}>
            {nameOf(schema, index, components)}
          </option>
        ))}
      </select>
      <div class="alternative">
        <Field
          key={current}
          {...{ schema: plain, value, pointer, onChange }}
          label="value"
          isRequired={true}
          bareNames={{ ...names, id: `${names.id}-value`, 'aria-label': 'value' }}
        />
      </div>
    </div>
  )
}

interface Switch {
  readonly to: Schema
  readonly components: Components
}

function startOf(value: Value, from: Schema, { to, components }: Switch): Value {
  const fresh = blank(to, components)
  const kept = keepFitting(value, from, to)
  return isObject(kept) && isObject(fresh) ? { ...fresh, ...kept } : fresh
}

/** The label of an alternative: the constant that distinguishes it, its title, the name of its type, or its type. */
function nameOf(schema: Schema, index: number, components: Components): string {
  const each = schema.anyOf?.[index]
  const alternative = alternativesOf(schema, components)[index] ?? {}
  const constant = Object.values(alternative.properties ?? {}).find(member => member.const !== undefined)?.const
  if (constant !== undefined) return String(constant)
  if (alternative.title !== undefined) return alternative.title
  if (each?.$ref !== undefined) return decodeURIComponent(each.$ref.slice(each.$ref.lastIndexOf('/') + 1))
  return describeType(alternative, components)
}

function describeType(schema: Schema, components: Components): string {
  const { type, items, enum: choices, properties, const: constant } = schema
  if (constant !== undefined) return JSON.stringify(constant)
  if (schema['x-incant-type'] !== undefined) return schema['x-incant-type']
  if (choices !== undefined)
    return choices
      .map(choice => JSON.stringify(choice))
      .join(' | ')
      .slice(0, 40)
  if (type === 'array' && items) return `array of ${describeType(resolve(items, components), components)}`
  if (properties !== undefined) return `{ ${Object.keys(properties).slice(0, 4).join(', ')} }`
  return [type ?? 'any'].flat().join(' | ')
}
