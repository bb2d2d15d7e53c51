// `npm run --silent cli -- COMMAND`: builds the server if its sources changed, then runs the command.
import { launch } from './launch.mjs'

await launch('cli.js')
