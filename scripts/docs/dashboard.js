import { tsImport } from 'tsx/esm/api'

export const path = 'packages/incant/monitoring/dashboard.json'

/** The Grafana dashboard, from the definitions of the metrics and the table of panels. */
export async function generate() {
  const { makeDashboard } = await tsImport('../monitoring/dashboard.ts', import.meta.url)
  return `${JSON.stringify(makeDashboard(), null, 2)}\n`
}
