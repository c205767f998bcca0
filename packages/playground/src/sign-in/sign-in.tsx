import type { JSX } from 'preact'
import type { Credentials } from './credentials.ts'
import { type Method, methodKey } from './methods.ts'

interface SignInProps {
  readonly methods: readonly Method[]
  readonly credentials: Credentials
  /** The server has answered 401. */
  readonly isRefused: boolean
  readonly onChange: (credentials: Credentials) => void
}

/** Fields for the credentials of every way to sign in. */
export function SignIn({ methods, credentials, isRefused, onChange }: SignInProps): JSX.Element | null {
  const asked = methods.filter(({ kind }) => kind !== 'certificate')
  if (methods.length === 0) return null
  const change = (field: string, text: string) => onChange({ ...credentials, [field]: text })
  return (
    <fieldset class={`panel sign-in${isRefused ? ' refused' : ''}`}>
      <legend>Sign in</legend>
      <p class="help" id="sign-in-help">
        {describe(methods, asked.length)} Kept in this page alone, until it is closed or reloaded.
      </p>
      {asked.map(method => (
        <MethodFields key={methodKey(method)} method={method} credentials={credentials} change={change} />
      ))}
    </fieldset>
  )
}

function describe(methods: readonly Method[], count: number): string {
  if (count === 0) return 'The server asks for a client certificate, which the browser sends.'
  const certificate = methods.length > count ? 'A client certificate may be needed, too. ' : ''
  return `${certificate}${count === 1 ? 'The server needs this.' : 'Fill in what you have. The server may need one of these, or several.'}`
}

interface MethodFieldsProps {
  readonly method: Method
  readonly credentials: Credentials
  readonly change: (field: string, text: string) => void
}

function MethodFields({ method, credentials, change }: MethodFieldsProps): JSX.Element {
  const line = (field: string, label: string, isSecret = true) => (
    <label class="field line">
      <span class="label">{label}</span>
      <input
        {...(isSecret ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
        autocomplete="off"
        spellcheck={false}
        aria-describedby="sign-in-help"
        data-credential={field}
        value={credentials[field] ?? ''}
        onInput={event => change(field, event.currentTarget.value)}
      />
    </label>
  )
  if (method.kind === 'basic') {
    return (
      <div class="pair">
        {line('user', 'Name', false)}
        {line('password', 'Password')}
      </div>
    )
  }
  if (method.kind === 'bearer') return line('bearer', 'Bearer token')
  if (method.kind === 'header') return line(methodKey(method), `Key (${method.name})`)
  return line(methodKey(method), method.kind === 'member' ? `Token (${method.name}, in the payload)` : '')
}
