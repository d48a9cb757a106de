import { defineConfig } from 'vite'

export default defineConfig({
  base: '/docs/',
  build: {
    outDir: '../dist/docs',
    emptyOutDir: true,
    // Swagger UI is one file of a megabyte, and this page is nothing else.
    chunkSizeWarningLimit: 2000,
  },
})
