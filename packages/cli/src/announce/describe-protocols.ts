import type { PredictSignature } from 'incant'
import type { FaceReport } from 'incant/internal'

/** Each protocol beside `/predict`: the routes and schemas that it would have, or why it does not fit and what to write. */
export function describeProtocols(reports: readonly FaceReport[], signature: PredictSignature): readonly string[][] {
  return reports.map(report => [
    `protocol ${report.protocol}: ${describeReport(report)}`,
    ...describeDetails(report, signature),
  ])
}

function describeReport(report: FaceReport): string {
  if (!report.fits) return `does not fit: ${report.reason}`
  return report.servedBy === 'types'
    ? 'fits, and is served: the types name it'
    : `fits; serve it with --protocol ${report.protocol}`
}

function describeDetails(report: FaceReport, { parameters }: PredictSignature): readonly string[] {
  if (!report.fits) return [`  ${report.instead}`]
  const payloads = parameters.flatMap(({ schema }) => (schema === undefined ? [] : [JSON.stringify(schema)]))
  const width = Math.max(...report.operations.map(({ path }) => path.length)) + 2
  return report.operations.flatMap(({ method, path, summary, body, answer, events }) => [
    `  ${method.padEnd(7)}${path.padEnd(width)}${summary}`,
    ...(body === undefined ? [] : [describeSchema('body', body.schema, payloads)]),
    describeSchema('answer', answer.schema, payloads),
    ...(events === undefined ? [] : [describeSchema('events', events, payloads)]),
  ])
}

/** A schema on one line; that of the payload stands above already. */
function describeSchema(what: string, schema: object, payloads: readonly string[]): string {
  const text = JSON.stringify(schema)
  return `    ${what}: ${payloads.includes(text) ? 'what predict takes' : text}`
}
