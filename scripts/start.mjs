// `npm start`: builds what is missing, then becomes the server.
import { buildServer, buildViewer } from './build.mjs'

await buildServer()
if ((process.env.YUNYING_RUN ?? 'web').includes('web')) await buildViewer()
await import(new URL('../dist/services/main.js', import.meta.url).href)
