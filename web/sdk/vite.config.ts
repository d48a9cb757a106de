import { defineConfig } from 'vitest/config'

export default defineConfig({
  build: {
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'index' },
    outDir: 'dist',
    target: 'es2022',
    // A library's white space is left alone unless it is said so.
    rolldownOptions: { output: { minify: true } },
  },
  test: { include: ['test/**/*.test.ts'] },
})
