import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { OpenAPI } from './document/openapi.ts'

interface HeadProps {
  readonly document: OpenAPI | undefined
  readonly base: string
}

/** The name and the description of the model, a link to the document, and the theme. */
export function Head({ document: openapi, base }: HeadProps): JSX.Element {
  const { title = 'Incant', version = '', description } = openapi?.info ?? {}
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <header>
      <div class="title">
        <h1>
          {title}
          {version !== '' && <span class="version">{version}</span>}
        </h1>
        <span class="links">
          <a href={`${base}openapi.json`}>openapi.json</a>
          <Theme />
        </span>
      </div>
      {description !== undefined && <p class="description">{description}</p>}
    </header>
  )
}

const THEMES = ['system', 'light', 'dark']

function Theme(): JSX.Element {
  const [theme, setTheme] = useState('system')
  const choose = (next: string) => {
    setTheme(next)
    document.documentElement.dataset['theme'] = next
  }
  return (
    <select class="theme" aria-label="Theme" value={theme} onChange={event => choose(event.currentTarget.value)}>
      {THEMES.map(name => (
        <option key={name}>{name}</option>
      ))}
    </select>
  )
}
