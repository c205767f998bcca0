/** A mistake that a newcomer makes. What is printed is in the file of its name. */
export interface Mistake {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** Default: `serve predictor.ts`. */
  readonly words?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const IMPORT = "import { BasePredictor } from 'incant'\n"
const AUTH = `${IMPORT}import { bearerAuth } from 'incant/auth'\n`
const PLAIN = `${IMPORT}
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): number {
    return payload.text.length
  }
}
`

/** A predictor whose predict takes this. */
function taking(parameters: string, above = ''): Readonly<Record<string, string>> {
  return {
    'predictor.ts': `${IMPORT}${above}
export default class Predictor extends BasePredictor {
  predict(${parameters}): number {
    return 1
  }
}
`,
  }
}

/** Twenty mistakes and some, as people make them. */
export const MISTAKES: readonly Mistake[] = [
  { name: 'no-file', files: {}, words: ['serve', 'predictor.ts'] },
  { name: 'folder-for-file', files: { 'app/predictor.ts': PLAIN }, words: ['serve', 'app'] },
  { name: 'forgot-serve', files: { 'predictor.ts': PLAIN }, words: ['predictor.ts'] },
  { name: 'habit-run', files: { 'predictor.ts': PLAIN }, words: ['run', 'predictor.ts'] },
  { name: 'habit-reload', files: { 'predictor.ts': PLAIN }, words: ['serve', 'predictor.ts', '--reload'] },
  { name: 'mistyped-flag', files: { 'predictor.ts': PLAIN }, words: ['serve', 'predictor.ts', '--prot', '80'] },
  { name: 'wrong-value', files: { 'predictor.ts': PLAIN }, words: ['serve', 'predictor.ts', '--request-timeout', '5'] },
  {
    name: 'several-mistakes',
    files: { 'predictor.ts': PLAIN },
    words: ['serve', 'predictor.ts', '--prot', '80', '--queue', 'many', '--request-timeout', '5'],
    env: { INCANT_WORKER: '2' },
  },
  { name: 'mistyped-variable', files: { 'predictor.ts': PLAIN }, env: { INCANT_WORKER: '2' } },
  { name: 'syntax', files: { 'predictor.ts': PLAIN.replace('string }): number {', 'string }: number {') } },
  { name: 'not-exported', files: { 'predictor.ts': PLAIN.replace('export default ', '') } },
  { name: 'no-predictor', files: { 'predictor.ts': 'export class Model {\n  predict() {}\n}\n' } },
  { name: 'misspelt-predict', files: { 'predictor.ts': PLAIN.replace('predict(', 'predcit(') } },
  {
    name: 'several-predictors',
    files: { 'predictor.ts': `${PLAIN}\nexport class Other extends BasePredictor {\n  predict() {}\n}\n` },
  },
  { name: 'unknown-type', files: taking('payload: { text: string; review: Revue }') },
  {
    name: 'several-types',
    files: taking(
      'payload: Options',
      '\ninterface Options {\n  counts: Map<string, number>\n  seen: Set<string>\n  done: () => void\n}\n',
    ),
  },
  { name: 'two-payloads', files: taking('first: { text: string }, second: { top: number }') },
  {
    name: 'bad-constraint',
    files: taking('payload: Options', '\ninterface Options {\n  /** @minimum high */\n  top: number\n}\n'),
  },
  {
    name: 'missing-package',
    files: { 'predictor.ts': `import { pipeline } from 'no-such-package'\n${PLAIN}void pipeline\n` },
  },
  { name: 'missing-file', files: { 'predictor.ts': `import { weights } from './weights.ts'\n${PLAIN}void weights\n` } },
  {
    name: 'throws-when-loaded',
    files: { 'predictor.ts': `import { readFileSync } from 'node:fs'\n${PLAIN}\nreadFileSync('model.onnx')\n` },
    words: ['serve', 'predictor.ts', '--log-level', 'error'],
  },
  {
    name: 'throws-in-setup',
    files: {
      'predictor.ts': PLAIN.replace(
        '  predict(',
        "  setup() {\n    throw new Error('the weights are corrupt')\n  }\n\n  predict(",
      ),
    },
    words: ['serve', 'predictor.ts', '--log-level', 'silent'],
  },
  {
    name: 'wrong-config',
    files: {
      'predictor.ts': `${IMPORT}
interface Config {
  model: { threshold: number }
}

export default class Predictor extends BasePredictor<Config> {
  constructor(config: Config) {
    super(config)
  }

  predict(payload: { text: string }): number {
    return payload.text.length
  }
}
`,
      'config.yaml': '# settings\nmodel:\n  threshold: high\n',
    },
    words: ['serve', 'predictor.ts', '--config', 'config.yaml'],
  },
  {
    name: 'unknown-setting',
    files: {
      'predictor.ts': PLAIN,
      'server.yaml': 'port: 8080\nmodels:\n  words:\n    file: predictor.ts\n    worker: 2\n',
    },
    words: ['serve', '--settings', 'server.yaml'],
  },
  {
    name: 'two-of-one-name',
    files: { 'a/words.ts': PLAIN, 'b/words.ts': PLAIN },
    words: ['serve', 'a/words.ts', 'b/words.ts'],
  },
  {
    name: 'unset-token',
    files: {
      'predictor.ts': PLAIN.replace(IMPORT, AUTH).replace(
        'export default',
        "@bearerAuth({ tokens: { env: 'API_TOKEN' } })\nexport default",
      ),
    },
    words: ['serve', 'predictor.ts', '--log-level', 'error'],
  },
  {
    name: 'private-without-tls',
    files: { 'predictor.ts': PLAIN },
    words: ['serve', 'predictor.ts', '--visibility', 'private', '--allow', '10.0.0.0/8', '--log-level', 'error'],
  },
  {
    name: 'address-of-another',
    files: { 'predictor.ts': PLAIN },
    words: ['serve', 'predictor.ts', '--host', '192.0.2.1', '--log-level', 'silent'],
  },
  { name: 'model-missing', files: {}, words: ['model', 'describe', 'words:v1'], env: { INCANT_HOME: 'home' } },
  {
    name: 'model-without-value',
    files: { 'words/a.bin': 'a' },
    words: ['model', 'create', 'words', 'words', '--metadata', 'accuracy'],
    env: { INCANT_HOME: 'home' },
  },
  { name: 'model-name', files: {}, words: ['model', 'create', './words', 'words'], env: { INCANT_HOME: 'home' } },
]
