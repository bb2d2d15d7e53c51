import react from '@vitejs/plugin-react'
import { join } from 'node:path'
import { defineConfig } from 'vite'
import { codecAliases } from './codec-aliases.ts'
import { precompress } from './precompress.ts'

const SERVER = 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react(), precompress()],
  resolve: {
    alias: [
      { find: 'xmlbuilder2', replacement: join(import.meta.dirname, 'absent-xmlbuilder2.ts') },
      ...codecAliases,
    ],
  },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/viewer',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the Content-Security-Policy allows no data: script, and small icons are rarely worth base64.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/dicom-web': SERVER,
    },
  },
})
