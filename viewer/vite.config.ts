import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { aliases } from './aliases.ts'
import { chunks } from './chunks.ts'
import { precompress } from './precompress.ts'

const SERVER = 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react(), precompress()],
  resolve: { alias: aliases },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/viewer',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the Content-Security-Policy allows no data: script, and small icons are rarely worth base64.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: chunks } },
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/dicom-web': SERVER,
    },
  },
})
