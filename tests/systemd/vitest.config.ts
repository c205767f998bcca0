import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** What needs systemd as process 1 and the superuser: `.ci/steps/systemd.sh`. One machine, one test at a time. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['tests/systemd/*.test.ts'],
    exclude: [],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
})
