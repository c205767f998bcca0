import type { JSX, TextareaHTMLAttributes } from 'preact'
import { useState } from 'preact/hooks'
import { toJSON, type Value } from '../schema/value.ts'

interface JSONEditorProps {
  readonly value: Value
  readonly attributes: TextareaHTMLAttributes<HTMLTextAreaElement>
  readonly isDisabled: boolean
  readonly onChange: (value: Value) => void
}

/** A value as JSON. Text that is not valid JSON yet stays as typed. */
export function JSONEditor({ value, attributes, isDisabled, onChange }: JSONEditorProps): JSX.Element {
  const [typed, setTyped] = useState<{ readonly text: string; readonly value: Value; readonly wrong: string }>()
  const isCurrent = typed !== undefined && (typed.wrong !== '' || typed.value === value)
  const text = isCurrent ? typed.text : value === undefined ? '' : toJSON(value, 2)
  const change = (next: string) => {
    const read = parse(next)
    setTyped({ text: next, ...read })
    if (read.wrong === '') onChange(read.value)
  }
  return (
    <>
      <textarea
        {...attributes}
        rows={4}
        class="mono"
        spellcheck={false}
        disabled={isDisabled}
        value={text}
        onInput={event => change(event.currentTarget.value)}
      />
      <span class="counter" role="status">
        {isCurrent && typed.wrong !== '' ? `Not JSON yet: ${typed.wrong}` : ''}
      </span>
    </>
  )
}

function parse(text: string): { readonly value: Value; readonly wrong: string } {
  if (text.trim() === '') return { value: undefined, wrong: '' }
  try {
    const value: Value = JSON.parse(text)
    return { value, wrong: '' }
  } catch (thrown) {
    return { value: undefined, wrong: describe(thrown, text) }
  }
}

/** The browser's message, with the line of the error. */
function describe(thrown: unknown, text: string): string {
  const message = thrown instanceof Error ? thrown.message : ''
  const position = /position (\d+)/.exec(message)?.[1]
  if (position === undefined || /line \d+/.test(message)) return message
  return `${message}, line ${text.slice(0, Number(position)).split('\n').length}`
}
