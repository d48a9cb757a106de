import { defineConfig } from '@playwright/test'

/** Milliseconds of one story: the longest waits for a client that is told to come back within forty seconds. */
const STORY_MS = 60_000

/** Milliseconds that something may take to show: a loaded machine with two cores is slow, a broken one never gets there. */
const SHOWN_MS = 12_000

export default defineConfig({
  testDir: 'stories',
  fullyParallel: true,
  workers: Number(process.env.DESKWIRE_E2E_WORKERS ?? 2),
  // A story that fails now and then has found something.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: STORY_MS,
  expect: { timeout: SHOWN_MS },
  reporter: [['line'], ['./src/counts.ts']],
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    headless: true,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1440, height: 900 },
    actionTimeout: SHOWN_MS,
    navigationTimeout: 2 * SHOWN_MS,
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // In a container Chromium's own sandbox has no rights; what it opens here is ours.
      // Its shared memory is often 64 MB there, which a story with three pages fills.
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  },
})
