import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** Servers that are killed, with a version of Node that has SQLite: `.ci/steps/jobs.sh`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['tests/jobs/*.test.ts'],
    exclude: [],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    // Two at a time: one waits for leases to end while another starts servers.
    maxWorkers: 2,
  },
})
