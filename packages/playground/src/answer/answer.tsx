import { formatBytes, formatNumber } from 'incant/internal/readings'
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { headerOf, isRunning, type Outcome } from '../call/outcome.ts'
import { CopyButton } from '../code/copy.tsx'
import type { Operation, Schema } from '../document/openapi.ts'
import { Grid } from '../grid.tsx'
import { type Components, resolve } from '../schema/resolve.ts'
import { Tabs } from '../tabs.tsx'
import { Download, Media } from './media.tsx'
import { ProblemView } from './problem-view.tsx'
import { Text, ValueView } from './value-view.tsx'

interface AnswerProps {
  readonly outcome: Outcome | undefined
  /** The previous answer, shown until the next one begins. */
  readonly previous: Outcome | undefined
  readonly operation: Operation
  readonly components: Components
  /** Errors without a field. */
  readonly unplaced: readonly string[]
}

/** The answer: its status, then tabs with a view, the raw text, and the headers. */
export function Answer({ outcome, previous, operation, components, unplaced }: AnswerProps): JSX.Element {
  const hasContent = outcome !== undefined && (outcome.content.kind !== 'none' || !isRunning(outcome))
  const shown = hasContent ? outcome : previous
  return (
    <section class="panel answer" aria-label="Answer">
      <h2>Answer</h2>
      {outcome === undefined ? <p class="empty">Press Run to see the answer here.</p> : <Line outcome={outcome} />}
      {outcome?.failure !== undefined && <p class="notice bad">{outcome.failure}</p>}
      {outcome?.problem !== undefined && <ProblemView problem={outcome.problem} unplaced={unplaced} />}
      {outcome?.state === 'cut' && outcome.content.kind !== 'none' && (
        <p class="notice bad">Incomplete: the stream ended early.</p>
      )}
      {shown !== undefined && (shown.problem === undefined || shown.content.kind === 'items') && (
        <div class={hasContent ? '' : 'dimmed'}>
          <Views outcome={shown} schema={schemaOf(operation, components, shown)} />
        </div>
      )}
      {shown?.problem !== undefined && shown.content.kind !== 'items' && (
        <Views outcome={shown} schema={undefined} isFolded={true} />
      )}
    </section>
  )
}

/** The schema of an answer of this media type; for a stream, that of one item. */
function schemaOf({ responses }: Operation, components: Components, { type }: Outcome): Schema | undefined {
  const [name = ''] = type.split(';')
  const schema = responses['200']?.content?.[name]?.schema
  return schema === undefined ? undefined : resolve(schema, components)
}

/** Status, times, sizes and the request id in one line. */
function Line({ outcome }: { readonly outcome: Outcome }): JSX.Element {
  const { state, status, statusText = '', headAfter, firstAfter, endAfter, bytes, content } = outcome
  const id = headerOf(outcome, 'x-request-id')
  const isGood = status !== undefined && status < 400
  const seconds = ((endAfter ?? 0) - (firstAfter ?? 0)) / 1000
  const rate =
    content.kind === 'items' && endAfter !== undefined && content.count > 1 && seconds > 0
      ? (content.count - 1) / seconds
      : undefined
  const parts = [
    endAfter === undefined ? undefined : `${formatNumber(Math.round(endAfter * 10) / 10)} ms`,
    firstAfter !== undefined ? `first item ${Math.round(firstAfter)} ms` : undefined,
    content.kind === 'items' ? `${content.count} item${content.count === 1 ? '' : 's'}` : undefined,
    rate === undefined ? undefined : `${formatNumber(rate)} items/s`,
    headAfter === undefined ? undefined : formatBytes(bytes),
  ]
  return (
    <div class="line">
      <output class="status" aria-live="polite">
        {status === undefined ? (
          <span class={`badge ${state}`}>{STATES[state]}</span>
        ) : (
          <>
            <span
              class={`badge ${isGood ? 'good' : 'bad'}`}
            >{`${status}${statusText === '' ? '' : ` ${statusText}`}`}</span>{' '}
            {state !== 'done' && <span class={`badge ${state}`}>{STATES[state]}</span>}
          </>
        )}
      </output>
      {parts
        .filter(part => part !== undefined)
        .map(part => (
          <span key={part} class="figure">
            {part}
          </span>
        ))}
      {id !== undefined && (
        <span class="id">
          <CopyButton text={() => id} label={`id ${id.slice(0, 8)}`} />
        </span>
      )}
    </div>
  )
}

const STATES: Readonly<Record<Outcome['state'], string>> = {
  running: 'Running',
  streaming: 'Streaming',
  done: 'Done',
  stopped: 'Stopped',
  cut: 'Cut off',
  unreachable: 'Not reached',
}

interface ViewsProps {
  readonly outcome: Outcome
  readonly schema: Schema | undefined
  /** Whether the raw text is folded. */
  readonly isFolded?: boolean
}

function Views({ outcome, schema, isFolded = false }: ViewsProps): JSX.Element | null {
  const [tab, setTab] = useState('View')
  const { content, headers } = outcome
  const views: Readonly<Record<string, () => ComponentChildren>> = {
    ...(isFolded ? {} : { View: () => <Drawn outcome={outcome} schema={schema} /> }),
    Raw: () => <Raw outcome={outcome} />,
    Headers: () => <Grid label="Headers" columns={HEADER_COLUMNS} rows={headers} />,
  }
  if (content.kind === 'none' && headers.length === 0) return null
  const names = Object.keys(views)
  const chosen = names.includes(tab) ? tab : (names[0] ?? '')
  const tabs = (
    <Tabs label="The answer as" names={names} chosen={chosen} onChoose={setTab}>
      {views[chosen]?.()}
    </Tabs>
  )
  if (!isFolded) return tabs
  return (
    <details class="more">
      <summary>The answer as it was sent</summary>
      {tabs}
    </details>
  )
}

function Drawn({ outcome, schema }: Pick<ViewsProps, 'outcome' | 'schema'>): JSX.Element {
  const { content, type } = outcome
  switch (content.kind) {
    case 'none':
      return <p class="hint">{isRunning(outcome) ? '' : 'The answer is empty.'}</p>
    case 'text':
      return <Text text={content.text} />
    case 'json':
      return <ValueView value={content.value} schema={schema} />
    case 'bytes':
      return (
        <Media blob={content.blob} type={type.split(';')[0] ?? ''} label="What the predictor made" isPreview={false} />
      )
    case 'items':
      return <Items items={content.items} count={content.count} />
  }
}

const MOST_ITEMS = 200

interface ItemsProps {
  readonly items: readonly unknown[]
  readonly count: number
}

/** Strings are joined to one text; other items are a list of the last ones. */
function Items({ items, count }: ItemsProps): JSX.Element {
  if (items.every(item => typeof item === 'string')) {
    return <Text text={items.join('')} />
  }
  const first = Math.max(0, count - MOST_ITEMS)
  const shown = items.slice(first, count)
  return (
    <>
      {first > 0 && <p class="hint">{`The last ${MOST_ITEMS} of ${count} items.`}</p>}
      <ol class="items" start={first + 1}>
        {shown.map((item, index) => (
          <li key={first + index}>
            <ValueView value={item} depth={1} />
          </li>
        ))}
      </ol>
    </>
  )
}

const MOST_RAW = 100_000

function Raw({ outcome: { content, type } }: { readonly outcome: Outcome }): JSX.Element {
  if (content.kind === 'bytes') return <Media blob={content.blob} type="" label="The answer" isPreview={false} />
  const text = textOf(content)
  const isLong = text.length > MOST_RAW
  const save = {
    blob: new Blob([content.kind === 'json' ? content.text : text]),
    type: content.kind === 'items' ? 'application/x-ndjson' : type,
  }
  return (
    <>
      <div class="row">
        <CopyButton text={() => text} /> <Download {...save} />
        {isLong && (
          <span class="hint">{`The first ${MOST_RAW.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters`}</span>
        )}
      </div>
      <pre class="mono raw" tabIndex={0}>
        {isLong ? text.slice(0, MOST_RAW) : text}
      </pre>
    </>
  )
}

const MOST_PRETTY = 500_000

function textOf(content: Outcome['content']): string {
  if (content.kind === 'items') return content.items.map(item => JSON.stringify(item)).join('\n')
  if (content.kind === 'text') return content.text
  if (content.kind !== 'json') return ''
  const { text, value } = content
  // Digits beyond the precision of JavaScript's numbers are shown as sent.
  return text.length > MOST_PRETTY || JSON.stringify(value) !== text ? text : JSON.stringify(value, null, 2)
}

const HEADER_COLUMNS = [
  { name: 'Header', isNumber: false },
  { name: 'Value', isNumber: false },
]
