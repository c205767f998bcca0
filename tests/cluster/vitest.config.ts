import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** What needs Kubernetes on this machine: `.ci/steps/cluster.sh` makes it. One cluster, one test at a time. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['tests/cluster/*.test.ts'],
    exclude: [],
    globalSetup: ['tests/cluster/global-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    expect: { poll: { timeout: 120_000, interval: 500 } },
  },
})
