import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Input } from './call/form-state.ts'
import { Chat } from './chat/chat.tsx'
import { readBase } from './document/base.ts'
import { type Loaded, loadDocument } from './document/load.ts'
import { listFaces, listModels, type Model } from './document/models.ts'
import type { OpenAPI } from './document/openapi.ts'
import { Head } from './head.tsx'
import { Live } from './live/live.tsx'
import { ModelList, useChosen } from './model/model-list.tsx'
import { ModelView } from './model/model-view.tsx'
import { type Credentials, credentialHeaders } from './sign-in/credentials.ts'
import { methodsOfChallenges } from './sign-in/methods.ts'
import { SignIn } from './sign-in/sign-in.tsx'
import { Tabs } from './tabs.tsx'

/** The page, drawn from the OpenAPI document of the server. */
export function Page(): JSX.Element {
  const base = readBase(location)
  const [loaded, setLoaded] = useState<Loaded>()
  const [credentials, setCredentials] = useState<Credentials>({})
  const [kept, setKept] = useState<Input>()
  const load = () => void loadDocument(base, credentialHeaders(credentials)).then(setLoaded)
  // Loads once. A button loads again, with the credentials that were typed.
  useEffect(load, [])
  useEffect(() => {
    const forget = () => setCredentials({})
    window.addEventListener('pagehide', forget)
    return () => window.removeEventListener('pagehide', forget)
  }, [])
  const document = loaded?.kind === 'document' ? loaded.document : undefined
  const reload = (input: Input) => {
    setKept(input)
    load()
  }
  const common = { base, credentials, kept, onCredentials: setCredentials, onReload: reload }
  return (
    <>
      <Head document={document} base={base} />
      <main>
        {loaded === undefined && (
          <p class="hint" role="status">
            Reading what the predictor takes…
          </p>
        )}
        {loaded?.kind === 'unreachable' && (
          <div class="notice bad" role="alert">
            {loaded.reason}{' '}
            <button type="button" onClick={load}>
              Try again
            </button>
          </div>
        )}
        {loaded?.kind === 'refused' && <Refused {...{ loaded, credentials, load }} onCredentials={setCredentials} />}
        {loaded?.kind === 'none' && <p class="notice">This server has no OpenAPI document. Write the body by hand.</p>}
        {document !== undefined && loaded?.kind === 'document' && (
          <Models key={loaded.etag ?? ''} {...common} document={document} etag={loaded.etag} mode={loaded.mode} />
        )}
        {(loaded?.kind === 'none' || (loaded?.kind === 'refused' && isByBody(loaded))) && (
          <Models
            {...common}
            document={BY_HAND}
            etag={null}
            mode={loaded.mode}
            challenged={loaded.kind === 'refused' ? methodsOfChallenges(loaded.challenges) : []}
          />
        )}
        {loaded !== undefined && loaded.kind !== 'unreachable' && <Live base={base} mode={loaded.mode} />}
      </main>
    </>
  )
}

/** The input without a document: JSON, or any bytes. */
const BY_HAND: OpenAPI = {
  info: { title: 'predict', version: '' },
  paths: {
    '/predict': {
      post: { requestBody: { required: false, content: { 'application/json': { schema: {} } } }, responses: {} },
    },
  },
}

/** Whether the token belongs in the payload, so that no header gives access to the document. */
function isByBody({ challenges }: Refusal): boolean {
  return methodsOfChallenges(challenges).every(({ kind }) => kind === 'member' || kind === 'certificate')
}

type Refusal = Extract<Loaded, { kind: 'refused' }>

interface RefusedProps {
  readonly loaded: Refusal
  readonly credentials: Credentials
  readonly load: () => void
  readonly onCredentials: (credentials: Credentials) => void
}

/** The sign-in form for a private document, which is loaded again afterwards. */
function Refused({ loaded, credentials, load, onCredentials }: RefusedProps): JSX.Element {
  const methods = methodsOfChallenges(loaded.challenges)
  return (
    <div class="notice">
      <p>
        {isByBody(loaded)
          ? 'This server shows its form to authorized callers only, and its token is part of the payload. Write the JSON by hand.'
          : 'This server shows its form to authorized callers only. Sign in to see it.'}
      </p>
      {!isByBody(loaded) && (
        <form
          onSubmit={event => {
            event.preventDefault()
            load()
          }}
        >
          <SignIn {...{ methods, credentials }} isRefused={false} onChange={onCredentials} />
          <button type="submit" class="primary">
            Show the form
          </button>
        </form>
      )}
    </div>
  )
}

type ModelsProps = Omit<Parameters<typeof ModelView>[0], 'model'>

/** The models of a server: a list if there are several, and the chosen one. */
function Models(props: ModelsProps): JSX.Element {
  const models = listModels(props.document)
  const chosen = useChosen(models)
  const [tab, setTab] = useState('Predict')
  if (chosen === undefined) return <p class="notice">The document of this server describes no predictor.</p>
  const { chat } = listFaces(props.document, chosen)
  const predict = <Described model={chosen} {...props} />
  return (
    <>
      {models.length > 1 && <ModelList models={models} chosen={chosen} />}
      {chat !== undefined ? (
        <Tabs label="Ways to call" names={['Predict', 'Chat']} chosen={tab} onChoose={setTab}>
          {tab === 'Chat' ? <Chat key={chosen.path} {...props} model={chat} /> : predict}
        </Tabs>
      ) : (
        predict
      )}
    </>
  )
}

function Described({ model, ...props }: ModelsProps & { readonly model: Model }): JSX.Element {
  const { description } = model.operation
  const isSaid = description === undefined || description === props.document.info.description
  return (
    <>
      {!isSaid && <p class="description">{description}</p>}
      <ModelView key={model.path} {...props} model={model} />
    </>
  )
}
