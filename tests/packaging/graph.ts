import { isBuiltin } from 'node:module'
import { build } from 'esbuild'

/** An import of a Node module, and where it stands. */
export interface NodeImport {
  readonly module: string
  readonly importer: string
}

/**
 * Every Node module that a file imports, itself or through what it imports, the way a runtime without Node resolves it.
 *
 * @throws when an import cannot be resolved there
 */
export async function findNodeImports(entry: string): Promise<NodeImport[]> {
  const found: NodeImport[] = []
  await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'node-imports',
        setup({ onResolve }) {
          onResolve({ filter: /.*/ }, ({ path, importer }) => {
            if (!isBuiltin(path)) return undefined
            found.push({ module: path, importer })
            return { path, external: true }
          })
        },
      },
    ],
  })
  return found
}
