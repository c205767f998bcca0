import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** What needs tools that are no package of npm: `.ci/steps/network.sh` installs them. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['tests/network/*.test.ts'],
    exclude: [],
    testTimeout: 120_000,
    fileParallelism: false,
  },
})
