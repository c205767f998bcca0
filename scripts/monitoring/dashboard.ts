import { METRICS } from 'incant/internal'
import { type Panel, type Query, SECTIONS } from './panels.ts'

const SOURCE = { type: 'prometheus', uid: '${' + 'datasource}' }

/** Grafana's grid is 24 cells wide. */
const WIDTH = 24
const SIZES = { value: { w: 6, h: 5 }, lines: { w: 8, h: 8 } }

/** The dashboard as Grafana 10 and newer import it. */
export function makeDashboard(): object {
  return {
    uid: 'incant',
    title: 'Incant',
    description: 'Servers made with Incant. Generated from the definitions of their metrics.',
    tags: ['incant'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    links: [],
    templating: { list: [sourceVariable(), instanceVariable(), modelVariable()] },
    panels: layPanels(),
  }
}

function sourceVariable(): object {
  return { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', hide: 0, regex: '' }
}

function instanceVariable(): object {
  return queryVariable('instance', 'Server', `label_values(${METRICS.buildInfo.name}, instance)`)
}

/** Of servers with several models: those with one have no such label, and are in All. */
function modelVariable(): object {
  return queryVariable('model', 'Model', `label_values(${METRICS.ready.name}, model)`)
}

function queryVariable(name: string, label: string, query: string): object {
  return {
    name,
    label,
    type: 'query',
    datasource: SOURCE,
    definition: query,
    query: { qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' },
    // Anew whenever the time range changes: servers come and go.
    refresh: 2,
    sort: 1,
    regex: '',
    hide: 0,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { selected: true, text: ['All'], value: ['$__all'] },
  }
}

/** Rows of panels as high as their highest, each section under its heading. */
function layPanels(): readonly object[] {
  const laid: object[] = []
  let top = 0
  for (const { title, panels } of SECTIONS) {
    laid.push(heading(title, laid.length + 1, top))
    top += 1
    for (const row of intoRows(panels)) {
      for (const { panel, x } of row) laid.push(drawPanel(panel, laid.length + 1, { ...sizeOf(panel), x, y: top }))
      top += Math.max(...row.map(({ panel }) => sizeOf(panel).h))
    }
  }
  return laid
}

function intoRows(panels: readonly Panel[]): readonly { panel: Panel; x: number }[][] {
  const rows: { panel: Panel; x: number }[][] = []
  let x = WIDTH
  for (const panel of panels) {
    if (x + sizeOf(panel).w > WIDTH) {
      rows.push([])
      x = 0
    }
    rows.at(-1)?.push({ panel, x })
    x += sizeOf(panel).w
  }
  return rows
}

function sizeOf({ shows }: Panel): { w: number; h: number } {
  return shows === 'value' ? SIZES.value : SIZES.lines
}

function heading(title: string, id: number, y: number): object {
  return { id, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: WIDTH, h: 1 }, panels: [] }
}

function drawPanel(panel: Panel, id: number, gridPos: object): object {
  const { title, description, queries } = panel
  const looks = panel.shows === 'value' ? valueLooks(panel) : lineLooks(panel)
  return { id, title, description, datasource: SOURCE, gridPos, ...looks, targets: queries.map(toTarget) }
}

function toTarget({ expr, legend }: Query, index: number): object {
  const refId = String.fromCharCode('A'.charCodeAt(0) + index)
  return { refId, datasource: SOURCE, editorMode: 'code', expr, legendFormat: legend, range: true }
}

function valueLooks({ unit, limits }: Panel): object {
  return {
    type: 'stat',
    fieldConfig: { defaults: { unit, ...colours(limits) }, overrides: [] },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      textMode: 'auto',
    },
  }
}

/** Limits where less is worse: red below the bad one, yellow below the other. */
function colours(limits: Panel['limits']): object {
  const good = { color: 'green', value: null }
  const steps =
    limits === undefined
      ? [good]
      : [
          { color: 'red', value: null },
          { color: 'yellow', value: limits.bad },
          { color: 'green', value: limits.warning },
        ]
  return { color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps } }
}

function lineLooks({ unit, shows }: Panel): object {
  const isStack = shows === 'stack'
  const stacking = { mode: isStack ? 'normal' : 'none', group: 'A' }
  const custom = { drawStyle: 'line', lineWidth: 1, fillOpacity: isStack ? 40 : 10, showPoints: 'never', stacking }
  return {
    type: 'timeseries',
    fieldConfig: { defaults: { unit, min: 0, color: { mode: 'palette-classic' }, custom }, overrides: [] },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  }
}
