import { asArchive } from '../../core/access/organisation-wall.ts'
import { anonymous, type RouteContext, type RouteDefinition } from './route.ts'

/** Anyone who brings a secret (a password, a link, a code): whose organisation it is of is known only once it is found. */
export const bySecret = (
  method: 'GET' | 'POST',
  path: string,
  handle: (context: RouteContext) => Promise<void>,
): RouteDefinition => anonymous(method, path, (context) => asArchive(() => handle(context)))
