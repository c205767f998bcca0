import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Model } from '../document/models.ts'

interface ModelListProps {
  readonly models: readonly Model[]
  readonly chosen: Model
}

/** Links to the models of a server, each with its fragment in the address of the page. */
export function ModelList({ models, chosen }: ModelListProps): JSX.Element {
  return (
    <nav class="models" aria-label="Models">
      {models.map(({ name, path }) => (
        <a
          key={path}
          href={`#${encodeURIComponent(name)}`}
          {...(path === chosen.path ? { 'aria-current': 'page' as const } : {})}
        >
          {name}
        </a>
      ))}
    </nav>
  )
}

/** The model that the fragment of the address names, else the first. */
export function useChosen(models: readonly Model[]): Model | undefined {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const read = () => setHash(location.hash)
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  return models.find(({ name }) => hash === `#${encodeURIComponent(name)}`) ?? models[0]
}
