import type { JSX } from 'preact'
import type { Schema } from '../document/openapi.ts'
import type { Value } from '../schema/value.ts'
import type { ControlProps } from './field-props.ts'

/** A number, with a slider if the type has a minimum and a maximum. */
export function NumberControl({ schema, value, names, isDisabled, isRequired, onChange }: ControlProps): JSX.Element {
  const { minimum, maximum, default: fallback } = schema
  const change = (text: string) => onChange(text === '' ? undefined : Number(text))
  const hasSlider = minimum !== undefined && maximum !== undefined && maximum > minimum && maximum - minimum < 1e6
  return (
    <div class="number-control">
      <input
        {...names}
        type="number"
        step="any"
        class={value === undefined ? 'untouched' : ''}
        aria-required={isRequired}
        disabled={isDisabled}
        placeholder={fallback === undefined ? '' : String(fallback)}
        value={typeof value === 'number' ? value : ''}
        onInput={event => change(event.currentTarget.value)}
      />
      {hasSlider && (
        <input
          type="range"
          class={value === undefined ? 'untouched' : ''}
          aria-label={`Slider from ${minimum} to ${maximum}`}
          disabled={isDisabled}
          min={minimum}
          max={maximum}
          step={stepOf(schema)}
          value={positionOf(value, schema)}
          onInput={event => change(event.currentTarget.value)}
        />
      )}
    </div>
  )
}

/** The step of the slider: that of the type, else 1 for ranges of ten or more, else a hundredth of the range. */
function stepOf({ type, multipleOf, minimum = 0, maximum = 0 }: Schema): number {
  if (multipleOf !== undefined) return multipleOf
  return type === 'integer' || (maximum - minimum >= 9 && Number.isInteger(minimum)) ? 1 : (maximum - minimum) / 100
}

function positionOf(value: Value, { default: fallback, minimum = 0 }: Schema): number {
  if (typeof value === 'number') return value
  return typeof fallback === 'number' ? fallback : minimum
}
