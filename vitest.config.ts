import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

/** Descriptions that others publish, as `.ci/run` has them. incant refuses a variable of its own prefix that is no setting. */
const { INCANT_TEST_DATA, TEST_DATA = INCANT_TEST_DATA ?? '' } = process.env
delete process.env['INCANT_TEST_DATA']

export default defineConfig({
  // Node refuses standard decorators, so esbuild lowers them; the tests of the other mode compile their own files.
  esbuild: { target: 'es2022' },
  resolve: {
    alias: [
      { find: /^incant$/, replacement: source('incant/src/index.ts') },
      { find: /^incant\/(?:internal\/)?(\w+)$/, replacement: source('incant/src/$1/index.ts') },
      { find: /^@incant\/cli$/, replacement: source('cli/src/index.ts') },
    ],
  },
  test: {
    env: { TEST_DATA },
    include: ['packages/**/*.test.ts', 'tests/**/*.test.ts'],
    // Those need tools of Debian, or time: .ci/steps/network.sh, faults.sh, jobs.sh, cluster.sh and systemd.sh.
    exclude: [
      ...configDefaults.exclude,
      'tests/network/**',
      'tests/faults/**',
      'tests/jobs/**',
      'tests/cluster/**',
      'tests/systemd/**',
    ],
    tags: [
      { name: 'slow', description: 'Left out of npm test; run by .ci/run slow.' },
      { name: 'property', description: 'Tried with fewer values in npm test, with all of them by .ci/run slow.' },
    ],
    // What ends a test that hangs, and no measure: a process may take ten seconds to start where everybody starts one.
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000, interval: 5 } },
    hookTimeout: 60_000,
    pool: 'forks',
    // A process a file, with everything loaded anew, took half of the time. Each test gives back what it takes of its
    // process: variables, the console, listeners.
    isolate: false,
    // Half of what the tests do is to wait for processes, sockets and deadlines.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
  },
})
