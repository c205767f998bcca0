import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Answer } from '../answer/answer.tsx'
import { bodyOf, examplesOf, proposeType } from '../call/body.ts'
import type { Mode } from '../call/connect.ts'
import { keepErrors } from '../call/errors.ts'
import { type Input, keepInput, schemaOf } from '../call/form-state.ts'
import { headerOf, isRunning, type Outcome } from '../call/outcome.ts'
import { makeCall } from '../call/request.ts'
import { useReadiness } from '../call/starting.ts'
import { Code } from '../code/code.tsx'
import { writeFaces } from '../code/faces.ts'
import { hasChanged } from '../document/load.ts'
import { listFaces, type Model } from '../document/models.ts'
import type { OpenAPI } from '../document/openapi.ts'
import { InputPanel } from '../input/input-panel.tsx'
import { parseChallenges } from '../sign-in/challenges.ts'
import { type Credentials, credentialHeaders } from '../sign-in/credentials.ts'
import { type Method, methodKey, methodsOf, methodsOfChallenges } from '../sign-in/methods.ts'
import { SignIn } from '../sign-in/sign-in.tsx'
import { Actions } from './actions.tsx'
import { focusFirstWrong, listDrawn } from './drawn.ts'
import { useCall } from './use-call.ts'

interface ModelViewProps {
  readonly base: string
  readonly mode: Mode
  readonly document: OpenAPI
  readonly etag: string | null
  readonly model: Model
  readonly credentials: Credentials
  /** The ways to sign in that the server named when it refused to show its document. */
  readonly challenged?: readonly Method[]
  /** The input before the document was drawn again. */
  readonly kept: Input | undefined
  readonly onCredentials: (credentials: Credentials) => void
  readonly onReload: (input: Input) => void
}

/** One model: its input, its answer, and the same call as code. */
export function ModelView(props: ModelViewProps): JSX.Element {
  const { base, mode, document: openapi, etag, model, credentials } = props
  const { operation } = model
  const components = openapi.components?.schemas ?? {}
  const body = useMemo(() => bodyOf(operation, components), [operation, components])
  const examples = useMemo(() => examplesOf(operation), [operation])
  const start = () => startInput(props, { body, examples })
  const [input, setInput] = useState<Input>(start)
  const [challenged, setChallenged] = useState<readonly Method[]>(props.challenged ?? [])
  const [isChanged, setChanged] = useState(false)
  const [patience, setPatience] = useState(0)
  const form = useRef<HTMLElement>(null)
  const call = useCall()
  const readiness = useReadiness(call.outcome, { base, mode })
  const methods = merge(methodsOf(operation, openapi), challenged)
  const limit = operation.requestBody?.['x-incant-max-body-size']

  const change = (next: Input) => {
    call.setErrors(keepErrors(call.errors, input.value, next.value))
    setInput(next)
  }
  const finish = async (ended: Outcome | undefined) => {
    if (ended?.status === 401)
      setChallenged(methodsOfChallenges(parseChallenges(headerOf(ended, 'www-authenticate') ?? '')))
    if (ended?.problem !== undefined) requestAnimationFrame(() => focusFirstWrong(form.current))
    if (etag !== null && ended !== undefined)
      setChanged(await hasChanged(base, etag, { mode, headers: credentialHeaders(credentials) }))
  }
  const run = () => {
    const made = makeCall({ url: `${base}${model.path}`, body, input, credentials })
    const options = { mode, limit, patience: patience * 1000, drawn: () => listDrawn(form.current) }
    void call.start(made, options).then(finish)
  }
  useShortcuts({ run, stop: call.stop })

  const sample = { url: `${base}${model.path}`, base, body, input, methods, isStream: isStream(operation) }
  const faces = writeFaces({ base, faces: listFaces(openapi, model) })
  return (
    <>
      {isChanged && (
        <div class="notice" role="status">
          The predictor has changed since this form was drawn.{' '}
          <button type="button" onClick={() => props.onReload(input)}>
            Draw it again
          </button>
        </div>
      )}
      <div class="columns">
        <section class="panel input" aria-label="Input" ref={form}>
          <h2>Input</h2>
          <SignIn
            {...{ methods, credentials }}
            isRefused={call.outcome?.status === 401}
            onChange={props.onCredentials}
          />
          <InputPanel
            {...{ body, input, components, examples }}
            errors={call.errors.fields}
            isOptional={operation.requestBody?.required === false && body.kind === 'json'}
            onChange={change}
          />
          <Actions
            {...{ run, patience, readiness }}
            isRunning={isRunning(call.outcome)}
            stop={call.stop}
            reset={() => change(start())}
            onPatience={setPatience}
          />
        </section>
        <div class="output">
          <Answer
            {...{ operation, components }}
            outcome={call.outcome}
            previous={call.previous}
            unplaced={call.errors.unplaced}
          />
          <Code sample={sample} faces={faces} />
        </div>
      </div>
    </>
  )
}

function merge(first: readonly Method[], second: readonly Method[]): readonly Method[] {
  return [...new Map([...first, ...second].map(method => [methodKey(method), method])).values()]
}

function isStream({ responses }: Model['operation']): boolean {
  return responses['200']?.content?.['text/event-stream'] !== undefined
}

interface Drawn {
  readonly body: ReturnType<typeof bodyOf>
  readonly examples: ReturnType<typeof examplesOf>
}

/** The first example, else the required members; after a reload, the part of the earlier input that still fits. */
function startInput({ kept, document: openapi }: ModelViewProps, { body, examples }: Drawn): Input {
  const components = openapi.components?.schemas ?? {}
  const types = 'types' in body ? body.types : []
  const schema = schemaOf(body)
  const type = proposeType(types, body.kind === 'text' ? 'text/plain' : 'application/octet-stream')
  const value =
    schema === undefined
      ? undefined
      : kept === undefined
        ? (examples[0]?.value ?? keepInput(undefined, schema, components))
        : keepInput(kept.value, schema, components)
  return { value, file: kept?.file, type: kept?.type ?? type, isJSON: kept?.isJSON ?? false }
}

interface Shortcuts {
  readonly run: () => void
  readonly stop: () => void
}

/** Ctrl or Cmd with Enter runs, Esc stops. */
function useShortcuts({ run, stop }: Shortcuts): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run()
      if (event.key === 'Escape') stop()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  })
}
