import { KINDS, type Kind } from './kinds.ts'

/** The versions that a new project asks for. */
export interface Versions {
  /** Of this command and of the SDK, which are released together. */
  readonly incant: string
  readonly tsx: string
  readonly typescript: string
}

/** The package.json of a new project, as text. */
export function describeProject(name: string, versions: Versions): string {
  return toJSON({
    ...{ name, version: '0.1.0', private: true, type: 'module' },
    engines: { node: '>=20.19' },
    scripts: {
      start: 'incant serve predictor.ts',
      dev: 'incant serve predictor.ts --watch',
      test: 'tsc && node --import tsx --test predictor.test.ts',
      build: 'incant build predictor.ts --out bundle',
    },
    dependencies: { incant: versions.incant },
    devDependencies: {
      '@incant/cli': versions.incant,
      '@types/node': '^20.19.0',
      tsx: `^${versions.tsx}`,
      typescript: `~${versions.typescript}`,
    },
  })
}

/** The tsconfig.json of a new project, as text. */
export function describeCompiler(): string {
  return toJSON({
    compilerOptions: {
      ...{ target: 'es2023', lib: ['es2023', 'esnext.disposable'], module: 'nodenext', types: ['node'] },
      ...{ strict: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true, skipLibCheck: true },
      ...{ allowImportingTsExtensions: true, noEmit: true },
    },
    include: ['*.ts'],
  })
}

/** What Git leaves out of a new project. */
export const GITIGNORE = 'node_modules/\nbundle/\n.env\n*.token\n'

/** The README of a new project. */
export function describeReadme(name: string, kind: Kind): string {
  return `# ${name}

${upperFirst(KINDS[kind].summary)}, served by [Incant](https://github.com/incant-dev/incant#readme).

\`\`\`sh
npm install
npm test
npm start
curl -s http://127.0.0.1:8000${KINDS[kind].call}
\`\`\`

| file | |
|---|---|
| \`predictor.ts\` | the predictor: its types are the contract, its JSDoc their limits and examples |
| \`predictor.test.ts\` | its test, in memory, with the validation of the server |

\`npm run dev\` serves new code when a file changes. \`npm run build\` writes \`bundle/\`, a folder that runs without a compiler:
\`node bundle/server.js\`. In production start that, and not \`npm start\`: npm does not pass the signal on that ends a server.
Commit \`package-lock.json\`: the bundle has the packages that it names.
`
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function toJSON(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
