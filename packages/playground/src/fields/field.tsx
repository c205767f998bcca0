import type { JSX } from 'preact'
import type { Schema } from '../document/openapi.ts'
import { alternativesOf, kindOf } from '../schema/kind.ts'
import { type Components, resolve, splitNull } from '../schema/resolve.ts'
import { RowsControl, TupleControl } from './array.tsx'
import { BooleanControl, ChecksControl, ChoiceControl, isOneControl } from './choice.tsx'
import type { ControlProps, FieldProps } from './field-props.ts'
import { FileControl } from './file.tsx'
import { useForm } from './form-context.ts'
import { Frame } from './frame.tsx'
import { JSONEditor } from './json.tsx'
import { NumberControl } from './number.tsx'
import { NumbersControl } from './numbers.tsx'
import { AbsentGroup, ObjectControl, RecordControl } from './object.tsx'
import { TextControl } from './text.tsx'
import { UnionControl } from './union.tsx'

const GROUPS: readonly string[] = ['rows', 'tuple', 'record', 'object', 'union']

/** One field, drawn from its schema. */
export function Field(props: FieldProps): JSX.Element | null {
  const { components } = useForm()
  const { schema, isNullable } = splitNull(resolve(props.schema, components))
  const kind = kindOf(schema, components)
  const field = { ...props, schema }
  // A value that must be null leaves no choice.
  if (kind === 'hidden' || (kind === 'null' && props.isRequired)) return null
  const { label: _label, bareNames, ...rest } = field
  // A checkbox has no third state for null.
  const control = { ...rest, isRequired: rest.isRequired && !isNullable, isDisabled: false }
  if (bareNames !== undefined) return draw(kind, { ...control, names: bareNames })
  if (props.value === undefined && !props.isRequired && startsAsValue(schema, components))
    return <AbsentGroup {...field} />
  const isSingle =
    kind === 'choice'
      ? isOneControl(schema)
      : kind === 'boolean'
        ? isPlain(field, isNullable)
        : !GROUPS.includes(kind) && kind !== 'checks'
  return (
    <Frame {...{ field, kind, isSingle }} isNullable={isNullable || kind === 'null'}>
      {names => ((props.value === null && isNullable) || kind === 'null' ? null : draw(kind, { ...control, names }))}
    </Frame>
  )
}

/** Whether a field is a group with an initial value; without a value such a group is absent. */
function startsAsValue(schema: Schema, components: Components): boolean {
  const kind = kindOf(schema, components)
  if (kind === 'union') return alternativesOf(schema, components).every(each => startsAsValue(each, components))
  return GROUPS.includes(kind)
}

function isPlain({ isRequired, schema }: FieldProps, isNullable: boolean): boolean {
  return isRequired && !isNullable && schema.default === undefined
}

function draw(kind: string, props: ControlProps): JSX.Element {
  switch (kind) {
    case 'choice':
      return <ChoiceControl {...props} />
    case 'checks':
      return <ChecksControl {...props} />
    case 'boolean':
      return <BooleanControl {...props} />
    case 'number':
      return <NumberControl {...props} />
    case 'text':
      return <TextControl {...props} />
    case 'file':
      return <FileControl {...props} />
    case 'numbers':
    case 'matrix':
      return <NumbersControl {...props} />
    case 'rows':
      return <RowsControl {...props} />
    case 'tuple':
      return <TupleControl {...props} />
    case 'record':
      return <RecordControl {...props} />
    case 'object':
      return <ObjectControl {...props} />
    case 'union':
      return <UnionControl {...props} />
    default:
      return (
        <JSONEditor
          value={props.value}
          attributes={props.names}
          isDisabled={props.isDisabled}
          onChange={props.onChange}
        />
      )
  }
}
