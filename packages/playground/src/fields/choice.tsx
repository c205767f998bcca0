import type { JSONValue } from 'incant'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { choicesOf } from '../schema/kind.ts'
import { isArray, type Value } from '../schema/value.ts'
import type { ControlProps } from './field-props.ts'

/** The largest number of options shown as buttons; more are a list. */
const FEW = 4

/** Longer lists have a filter. */
const MANY = 20

/** One of several constants. */
export function ChoiceControl(props: ControlProps): JSX.Element {
  return choicesOf(props.schema).length <= FEW ? <Buttons {...props} /> : <List {...props} />
}

/** Whether a choice is drawn as one control, which has the label. */
export function isOneControl(schema: ControlProps['schema']): boolean {
  return choicesOf(schema).length > FEW && choicesOf(schema).length <= MANY
}

function Buttons({ schema, value, names, isDisabled, onChange }: ControlProps): JSX.Element {
  const { id, ...rest } = names
  return (
    <div class="buttons" role="radiogroup" aria-labelledby={`${id}-label`} {...rest}>
      {choicesOf(schema).map((choice, index) => (
        <label key={label(choice)} class={value === undefined && isSame(choice, schema.default) ? 'is-default' : ''}>
          <input
            type="radio"
            id={index === 0 ? id : `${id}-${index}`}
            name={id}
            disabled={isDisabled}
            checked={isSame(choice, value)}
            onChange={() => onChange(choice)}
          />
          <span>{label(choice)}</span>
        </label>
      ))}
    </div>
  )
}

function List({ schema, value, names, isDisabled, isRequired, onChange }: ControlProps): JSX.Element {
  const [filter, setFilter] = useState('')
  const choices = choicesOf(schema)
  const shown = choices
    .map((choice, index) => ({ choice, index }))
    .filter(({ choice }) => isSame(choice, value) || label(choice).toLowerCase().includes(filter.toLowerCase()))
  return (
    <div class="list">
      {choices.length > MANY && (
        <input
          type="search"
          aria-label={`Filter ${choices.length} choices`}
          placeholder={`Filter ${choices.length} choices`}
          value={filter}
          onInput={event => setFilter(event.currentTarget.value)}
        />
      )}
      <select
        {...names}
        aria-required={isRequired}
        disabled={isDisabled}
        value={String(choices.findIndex(choice => isSame(choice, value)))}
        {...(choices.length > MANY ? { 'aria-label': 'Choices' } : {})}
        onChange={event => onChange(choices[Number(event.currentTarget.value)])}
      >
        <option value="-1">{schema.default === undefined ? '–' : `${label(schema.default)} (default)`}</option>
        {shown.map(({ choice, index }) => (
          <option key={index} value={String(index)}>
            {label(choice)}
          </option>
        ))}
      </select>
    </div>
  )
}

/** Several of several constants. */
export function ChecksControl({ schema, value, names, isDisabled, onChange }: ControlProps): JSX.Element {
  const chosen = isArray(value) ? value : []
  const choices = schema.items === undefined || schema.items === false ? [] : choicesOf(schema.items)
  const toggle = (choice: JSONValue, isOn: boolean) =>
    onChange(isOn ? [...chosen, choice] : chosen.filter(other => !isSame(choice, other)))
  const { id, ...rest } = names
  return (
    <div class="buttons">
      {choices.map((choice, index) => (
        <label key={label(choice)}>
          <input
            {...rest}
            type="checkbox"
            id={index === 0 ? id : `${id}-${index}`}
            disabled={isDisabled}
            checked={chosen.some(other => isSame(choice, other))}
            onChange={event => toggle(choice, event.currentTarget.checked)}
          />
          <span>{label(choice)}</span>
        </label>
      ))}
    </div>
  )
}

/** A boolean: yes or no, and a third option if it may be left out. */
export function BooleanControl({ schema, value, names, isDisabled, isRequired, onChange }: ControlProps): JSX.Element {
  if (isRequired && schema.default === undefined) {
    return (
      <input
        {...names}
        type="checkbox"
        disabled={isDisabled}
        checked={value === true}
        onChange={event => onChange(event.currentTarget.checked)}
      />
    )
  }
  return (
    <Buttons
      {...{ value, names, isDisabled, isRequired, onChange, pointer: '' }}
      schema={{ ...schema, enum: [true, false] }}
    />
  )
}

function label(choice: JSONValue): string {
  return typeof choice === 'string' && choice !== '' ? choice : JSON.stringify(choice)
}

function isSame(choice: JSONValue, value: Value): boolean {
  return value !== undefined && (choice === value || JSON.stringify(choice) === JSON.stringify(value))
}
