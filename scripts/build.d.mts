/** Bundles the server's entry points into dist/. */
export function buildServer(): Promise<void>
/** Builds the viewer into dist/viewer. */
export function buildViewer(): Promise<void>
