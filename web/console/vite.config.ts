/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// A Deskwire to develop against; the built console speaks to the address that it was loaded from.
const server = process.env.DESKWIRE_URL ?? 'http://127.0.0.1:8787'
const proxy = { '/v1': { target: server, changeOrigin: false } }

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // `light-dark()` must not be lowered: Mantine sets `color-scheme` by script, where no build step sees it.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A strict CSP has script-src 'self' and no data: fonts or pictures of ours.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A few files that all of the console needs and that seldom change, instead of a hundred crumbs.
          groups: [
            { name: 'icons', test: /node_modules\/@tabler\//, priority: 30 },
            {
              name: 'kit',
              minShareCount: 8,
              test: /node_modules\/(@mantine\/(core|hooks|store|notifications)|@floating-ui)\//,
              priority: 20,
            },
            {
              name: 'base',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next)\//,
              priority: 10,
            },
          ],
        },
      },
    },
  },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
})
