import type { Labels } from '../../metrics/user-metrics.ts'
import type { Family, Sample } from './families.ts'

/** The two text formats that Prometheus reads. */
export type ExpositionFormat = 'prometheus' | 'openmetrics'

/** The media type of a format. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** OpenMetrics where a caller prefers it; else the text that everybody reads. */
export function negotiateFormat(accept: string | null): ExpositionFormat {
  const ranges = (accept ?? '').split(',').map(readRange)
  const weigh = (types: readonly string[]): number =>
    Math.max(0, ...ranges.filter(({ type }) => types.includes(type)).map(({ weight }) => weight))
  const openMetrics = weigh(['application/openmetrics-text'])
  return openMetrics > 0 && openMetrics >= weigh(['text/plain']) ? 'openmetrics' : 'prometheus'
}

/** `text/plain; q=0.5`, RFC 9110 §12.5.1. */
function readRange(text: string): { readonly type: string; readonly weight: number } {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const quality = parameters.find(parameter => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { type, weight: Number.isNaN(weight) ? 0 : weight }
}

/** Families as text. */
export function renderFamilies(families: readonly Family[], format: ExpositionFormat): string {
  const lines = families.flatMap(family => renderFamily(family, format))
  if (format === 'openmetrics') lines.push('# EOF')
  return `${lines.join('\n')}\n`
}

function renderFamily({ name, type, help, samples }: Family, format: ExpositionFormat): readonly string[] {
  const isCounter = type === 'counter' && format === 'openmetrics'
  // In OpenMetrics the name of a counter is without the suffix that all its samples have.
  const family = isCounter ? name.replace(/_total$/, '') : name
  const sampleName = isCounter ? `${family}_total` : name
  return [
    `# HELP ${family} ${escapeHelp(help, format)}`,
    `# TYPE ${family} ${type}`,
    ...samples.map(sample => renderSample(sampleName, sample, format)),
  ]
}

function renderSample(name: string, { suffix, labels, value }: Sample, format: ExpositionFormat): string {
  return `${name}${suffix}${renderLabels(labels, format)} ${renderNumber(value)}`
}

function renderLabels(labels: Labels, format: ExpositionFormat): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escapeLabel(renderLabel(name, value, format))}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** Bounds are numbers; OpenMetrics writes them as such also where they are whole. */
function renderLabel(name: string, value: string | number, format: ExpositionFormat): string {
  if (format === 'prometheus' || !(name === 'le' || name === 'quantile')) return String(value)
  return Number.isInteger(Number(value)) ? `${Number(value)}.0` : String(value)
}

function renderNumber(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

function escapeHelp(text: string, format: ExpositionFormat): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped
}
