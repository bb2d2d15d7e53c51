// `npm run --silent cli -- COMMAND`: builds the server if its sources changed, then runs the command.
import { buildServer } from './build.mjs'

await buildServer()
await import(new URL('../dist/cli.js', import.meta.url).href)
