import { expect, it } from 'vitest'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

it('incant env prints versions, system and limits, and of variables only the names', async () => {
  const env = { INCANT_PORT: '8123', OTEL_EXPORTER_OTLP_HEADERS: 'authorization=canary', API_TOKEN: 'canary' }
  const { code, stdout, stderr } = await runIncant(['env'], { cwd: temporaryFolder(), env })
  const rows = new Map(stdout.split('\n').map(line => [line.slice(0, 12).trim(), line.slice(13)]))
  expect([code, stderr]).toEqual([0, ''])
  for (const name of ['@incant/cli', 'incant', 'typescript', 'tsx', 'esbuild', 'hono'])
    expect(rows.get(name)).toMatch(/^\d+\.\d+\.\d+$/)
  expect(rows.get('node')).toContain(process.versions.node)
  expect(rows.get('system')).toContain(`${process.platform} ${process.arch}`)
  expect(rows.get('processors')).toMatch(/^\d+ usable of \d+/)
  expect(rows.get('memory')).toMatch(/^\d+[GM]iB/)
  expect(rows.get('variables')).toMatch(/INCANT_PORT.*OTEL_EXPORTER_OTLP_HEADERS/)
  expect(stdout).not.toMatch(/canary|8123|API_TOKEN/)
})
