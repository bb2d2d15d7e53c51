/** What `npm start` says to the system's allocator, for servers that are started without it. */
export const AS_NPM_START = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '1048576',
} as const
