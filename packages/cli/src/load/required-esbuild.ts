import { createRequire } from 'node:module'

// What tsx imports of esbuild, from the copy that tsx has. The query says where that is: see esbuild-hook.ts.
const parent = new URL(import.meta.url).searchParams.get('for') ?? import.meta.url
const esbuild: Readonly<Record<string, unknown>> = createRequire(parent)('esbuild')

export const transform: unknown = esbuild['transform']
export const transformSync: unknown = esbuild['transformSync']
export const version: unknown = esbuild['version']
