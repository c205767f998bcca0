import { formatNumber } from 'incant/internal/readings'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Schema } from '../document/openapi.ts'
import { Grid } from '../grid.tsx'
import { fromBase64 } from '../schema/base64.ts'
import { Media } from './media.tsx'
import { MatrixView, VectorView } from './numbers-view.tsx'
import { columnsOf, scoresOf, viewOf } from './views.ts'

interface ValueViewProps {
  readonly value: unknown
  /** The schema of the value, if there is one. */
  readonly schema?: Schema | undefined
  readonly depth?: number
}

/** The depth to which nested objects are open. */
const OPEN_DEPTH = 2

/** A value, drawn by its kind. */
export function ValueView({ value, schema, depth = 0 }: ValueViewProps): JSX.Element {
  if (typeof value === 'string' && schema?.contentEncoding === 'base64') {
    const file = fromBase64(value, schema.contentMediaType ?? '')
    if (file !== undefined)
      return <Media blob={file} type={file.type} label="What the predictor made" isPreview={false} />
  }
  switch (viewOf(value)) {
    case 'text':
      return <Text text={String(value)} isWhole={depth === 0} />
    case 'bars':
      return <Bars value={value} />
    case 'table':
      return <Table rows={value as readonly Readonly<Record<string, unknown>>[]} /> // viewOf has looked at every row
    case 'vector':
      return <VectorView numbers={value as readonly number[]} /> // viewOf has looked at every number
    case 'matrix':
      return <MatrixView rows={value as readonly (readonly number[])[]} /> // viewOf has looked at every row
    case 'object':
    case 'list':
      return <Tree entries={Object.entries(Object(value))} {...{ schema, depth }} isList={Array.isArray(value)} />
    case 'plain':
      return (
        <span class="plain">{typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing')}</span>
      )
  }
}

const MOST_TEXT = 100_000

/** Plain text: the output of a predictor is never markup. */
export function Text({ text, isWhole = true }: { readonly text: string; readonly isWhole?: boolean }): JSX.Element {
  const shown = text.length > MOST_TEXT ? text.slice(0, MOST_TEXT) : text
  const rest = text.length - shown.length
  return (
    <div class={isWhole ? 'text whole' : 'text'}>
      {shown === '' ? <span class="hint">an empty text</span> : shown}
      {rest > 0 && <p class="hint">{`${rest.toLocaleString('en')} more characters: see Download`}</p>}
    </div>
  )
}

function Bars({ value }: { readonly value: unknown }): JSX.Element {
  return (
    <table class="bars">
      <thead class="hidden">
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Score</th>
          <th scope="col">Bar</th>
        </tr>
      </thead>
      <tbody>
        {(scoresOf(value) ?? []).map(({ label, score }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td class="number">{score.toFixed(3)}</td>
            <td class="bar">
              <meter min={0} max={1} value={score} aria-label={`${label}: ${score.toFixed(3)}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const MOST_ROWS = 500

function Table({ rows }: { readonly rows: readonly Readonly<Record<string, unknown>>[] }): JSX.Element {
  const columns = columnsOf(rows).map(name => ({ name, isNumber: typeof rows[0]?.[name] === 'number' }))
  return (
    <>
      <Grid
        label="Table"
        columns={columns}
        rows={rows.slice(0, MOST_ROWS).map(row => columns.map(({ name }) => cell(row[name])))}
      />
      {rows.length > MOST_ROWS && (
        <p class="hint">{`The first ${MOST_ROWS} of ${rows.length.toLocaleString('en')} rows. Download to see all.`}</p>
      )}
    </>
  )
}

const MOST_CELL = 200

function cell(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : formatNumber(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MOST_CELL ? `${text.slice(0, MOST_CELL)}…` : text
}

interface TreeProps {
  readonly entries: readonly (readonly [string, unknown])[]
  readonly schema: Schema | undefined
  readonly depth: number
  readonly isList: boolean
}

const STEP = 100

/** Members by name, a hundred at a time, so that a large answer does not slow the page down. */
function Tree({ entries, schema, depth, isList }: TreeProps): JSX.Element {
  const [count, setCount] = useState(STEP)
  if (entries.length === 0) return <span class="hint">{isList ? 'an empty list' : 'an empty object'}</span>
  return (
    <dl class="tree">
      {entries.slice(0, count).map(([name, value]) => (
        <Member key={name} {...{ name, value, depth }} schema={isList ? itemsOf(schema) : schema?.properties?.[name]} />
      ))}
      {entries.length > count && (
        <dd>
          <button type="button" class="add" onClick={() => setCount(count + STEP)}>
            {`${Math.min(STEP, entries.length - count)} more of ${entries.length.toLocaleString('en')}`}
          </button>
        </dd>
      )}
    </dl>
  )
}

function itemsOf(schema: Schema | undefined): Schema | undefined {
  return schema?.items || undefined
}

interface MemberProps {
  readonly name: string
  readonly value: unknown
  readonly schema: Schema | undefined
  readonly depth: number
}

function Member({ name, value, schema, depth }: MemberProps): JSX.Element {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH)
  const isDeep = typeof value === 'object' && value !== null && Object.keys(value).length > 0
  return (
    <div class={isDeep ? 'member deep' : 'member'}>
      <dt>
        {isDeep ? (
          <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {name} <span class="hint">{Array.isArray(value) ? value.length.toLocaleString('en') : ''}</span>
          </button>
        ) : (
          name
        )}
      </dt>
      <dd>
        {isDeep && !isOpen ? (
          <span class="hint">…</span>
        ) : (
          <ValueView value={value} schema={schema} depth={depth + 1} />
        )}
      </dd>
    </div>
  )
}
