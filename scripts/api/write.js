// Writes docs/api, the reference of everything that the entries of `incant` export, from what the compiler wrote of them:
//
//   npm run api
//
// It is checked by .ci/steps/api.sh, and not by npm test, as typedoc needs a TypeScript of its own.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application } from 'typedoc'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const { exports } = JSON.parse(readFileSync(join(root, 'packages/incant/package.json'), 'utf8'))

/** A module for each entry that is public: its comment gives it the name that people import. */
function writeEntries(folder) {
  return Object.entries(exports)
    .filter(([name, target]) => typeof target === 'object' && !name.startsWith('./internal'))
    .map(([name, { types }]) => {
      const entry = name.replace('.', 'incant')
      const file = join(folder, `${entry.replaceAll('/', '-')}.d.ts`)
      const path = relative(folder, join(root, 'packages/incant', types)).replace(/\.d\.ts$/, '.js')
      writeFileSync(file, `/** @module ${entry} */\nexport * from '${path}'\n`)
      return file
    })
}

mkdirSync(join(here, '.entries'), { recursive: true })
const folder = mkdtempSync(join(here, '.entries/'))
try {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        skipLibCheck: true,
        types: [],
        allowImportingTsExtensions: true,
        noEmit: true,
      },
      include: ['*.d.ts'],
    }),
  )
  const app = await Application.bootstrapWithPlugins({
    entryPoints: writeEntries(folder),
    tsconfig: join(folder, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    name: 'API reference',
    readme: 'none',
    outputFileStrategy: 'modules',
    outputs: [{ name: 'markdown', path: join(root, 'docs/api') }],
    entryFileName: 'README',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    disableSources: true,
    excludeInternal: true,
    excludeExternals: true,
    sort: ['kind', 'alphabetical'],
    expandObjects: false,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    useCodeBlocks: true,
    sanitizeComments: true,
    skipErrorChecking: true,
    logLevel: 'Error',
    treatWarningsAsErrors: false,
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('typedoc could not read the declarations')
  await app.generateOutputs(project)
  if (app.logger.hasErrors()) process.exitCode = 1
} finally {
  rmSync(join(here, '.entries'), { recursive: true, force: true })
}
