import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface TabsProps {
  readonly label: string
  readonly names: readonly string[]
  readonly chosen: string
  readonly onChoose: (name: string) => void
  readonly children: ComponentChildren
}

/** Tabs that follow the ARIA pattern: one stop for the Tab key, arrow keys between the tabs. */
export function Tabs({ label, names, chosen, onChoose, children }: TabsProps): JSX.Element {
  const id = useId()
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const next = names[(names.indexOf(chosen) + step + names.length) % names.length] ?? chosen
    onChoose(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }
  return (
    <div class="tabbed">
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {names.map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </div>
  )
}
