import { defineConfig } from 'vitest/config'

// Five kinds of test, so that each can be run and counted on its own: `npx vitest run --project units`.
export default defineConfig({
  test: {
    pool: 'forks', // our pools start threads of their own, and some tests kill them: that must not happen inside a worker thread
    maxWorkers: '100%',
    testTimeout: 30_000,
    teardownTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: { name: 'units', include: ['test/**/*.test.ts'], exclude: ['test/packaging/**'] },
      },
      {
        extends: true,
        test: {
          name: 'packaging',
          include: ['test/packaging/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        // Minutes long, and so no part of `npm test`: `npm run test:soak`.
        test: { name: 'soak', include: ['test/**/*.soak.ts'], testTimeout: 600_000 },
      },
      {
        extends: true,
        // 100,000 random kernels: `npm run test:fuzz`.
        test: { name: 'fuzz', include: ['test/**/*.fuzz.ts'], testTimeout: 600_000 },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: { enabled: true, only: true, ignoreSourceErrors: true, include: ['test/**/*.test-d.ts'] },
        },
      },
    ],
  },
})
