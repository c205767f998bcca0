import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** Faults of the machine, which need its superuser and `faketime`: `.ci/steps/faults.sh`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['tests/faults/*.test.ts'],
    exclude: [],
    testTimeout: 120_000,
    fileParallelism: false,
  },
})
