import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { METRICS } from 'incant/internal'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { TOP_COMMAND } from '../../packages/cli/src/arguments/top-command.ts'

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')

/** What is read of the dashboard. */
interface Dashboard {
  readonly schemaVersion: number
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] }
  readonly panels: readonly Panel[]
}

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: { readonly uid: string }
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>
  readonly targets?: readonly {
    readonly refId: string
    readonly expr: string
    readonly datasource: { readonly uid: string }
  }[]
}

/** What is read of the alert rules. */
interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

describe('the dashboard', () => {
  const dashboard: Dashboard = JSON.parse(read('../../packages/incant/monitoring/dashboard.json'))
  const queries = dashboard.panels.flatMap(({ targets = [] }) => targets)

  it('shows every metric there is', () => {
    const shown = queries.map(({ expr }) => expr).join('\n')
    const missing = Object.values(METRICS).filter(
      ({ name }) => !new RegExp(`\\b${name}(_bucket|_sum|_count)?\\b`).test(shown),
    )
    expect(missing).toEqual([])
  })

  it('asks the data source that is chosen about the servers that are chosen', () => {
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['instance', 'query'],
      ['model', 'query'],
    ])
    for (const { expr, datasource } of queries) {
      expect(datasource.uid).toBe(`$\{datasource}`)
      const selectors = expr.match(/\bincant_\w+(\{[^}]*\})?/g) ?? []
      expect(selectors.filter(selector => !selector.includes('instance=~"$instance"'))).toEqual([])
    }
  })

  it('has panels that say what they are and do not overlap', () => {
    const drawn = dashboard.panels.filter(({ type }) => type !== 'row')
    for (const { title, description, targets = [] } of drawn) {
      expect(description, title).toMatch(/\.$/)
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length)
    }
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(cellsOf)
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
  })
})

describe('the alert rules', () => {
  const rules = (parse(read('../../packages/incant/monitoring/alerts.yml')) as Rules).groups.flatMap(
    group => group.rules,
  )

  it('say how bad it is, for how long, and what to do', () => {
    for (const { alert, labels, annotations, for: lasts } of rules) {
      expect(lasts, alert).toMatch(/^\d+[mh]$/)
      expect(labels['severity'], alert).toMatch(/^(warning|critical)$/)
      expect(annotations['summary'], alert).toContain('{{ $labels.instance }}')
      expect(annotations['description'], alert).toMatch(/\.$/)
    }
  })

  it('are each made to fire in a test, and explained in the guide', () => {
    const names = rules.map(({ alert }) => alert)
    const tested = read('alerts.yml')
    const fired = [...tested.matchAll(/alertname: (\w+)\n\s+exp_alerts:\n|alertname="(\w+)",alertstate="firing"/g)]
    expect(names.filter(name => !fired.some(([, first, second]) => name === (first ?? second)))).toEqual([])
    const guide = read('../../docs/monitoring.md')
    expect(names.filter(name => !guide.includes(`\`${name}\``))).toEqual([])
  })
})

it('the guide has every option of incant top', () => {
  const guide = read('../../docs/monitoring.md')
  expect(TOP_COMMAND.options.filter(({ flag }) => !guide.includes(`\`${flag}`)).map(({ flag }) => flag)).toEqual([])
})

/** The cells of the grid that a panel covers. */
function cellsOf({ gridPos: { x, y, w, h } }: Panel): readonly string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`)
}
