// `npm start`: builds what is missing, then becomes the server.
import { launch } from './launch.mjs'

await launch('services/main.js', { viewer: (process.env.YUNYING_RUN || 'web').includes('web') })
