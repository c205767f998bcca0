import { APP_OPTIONS, SERVER_OPTIONS } from 'incant/internal/options'
import { BUILD_COMMAND } from './build-command.ts'
import type { Command } from './command-definition.ts'
import { INIT_COMMAND } from './init-command.ts'
import { INSTALL_COMMAND } from './install-command.ts'
import { MANIFEST_COMMAND } from './manifest-command.ts'
import { type CommandOptionName, OPTIONS, type Option } from './option.ts'
import { DEPLOY_COMMAND } from './server-command.ts'
import { TOP_COMMAND } from './top-command.ts'

const MODEL_FILE: readonly CommandOptionName[] = ['runtime', 'modelThreads', 'maxModelSize']

const SERVE_OPTIONS: readonly CommandOptionName[] = [
  'settings',
  'split',
  'config',
  'className',
  'modelPath',
  'trustModelFiles',
  ...MODEL_FILE,
  'env',
  'validate',
  'watch',
  'debug',
]
/** Of those of a server, the ones that have a meaning without sockets and replicas. */
const MCP_OPTIONS: readonly CommandOptionName[] = [
  ...(['config', 'className', 'modelPath', 'trustModelFiles'] as const),
  ...MODEL_FILE,
  'env',
  'debug',
]
const MCP_SETTINGS = [
  ...['logFormat', 'logLevel', 'requestTimeout', 'setupTimeout', 'concurrency', 'queue', 'maxBodySize'],
]
const INSPECT_OPTIONS: readonly CommandOptionName[] = ['json', 'as', 'className', 'runtime', 'maxModelSize', 'debug']

/** Each of these has its own help: incant token create --help. */
const TOKEN_USAGE = 'create|list|rotate|revoke --store FILE'

/** Every command, by name. */
export const COMMANDS: Readonly<
  Record<
    | 'serve'
    | 'inspect'
    | 'init'
    | 'model'
    | 'build'
    | 'mcp'
    | 'manifest'
    | 'deploy'
    | 'server'
    | 'install'
    | 'top'
    | 'jobs'
    | 'token'
    | 'cert'
    | 'completion'
    | 'env',
    Command
  >
> = {
  serve: {
    name: 'serve',
    usage: '[MODEL[:VERSION] ...] FILE ...',
    summary:
      'Serve the predictor in a file, a model file, or several: incant serve ocr.ts words=translate.ts model.onnx.',
    example: 'incant serve predictor.ts --port 8080 --max-body-size 20MiB',
    options: select([...SERVE_OPTIONS, ...Object.keys(SERVER_OPTIONS), ...Object.keys(APP_OPTIONS)]),
  },
  inspect: {
    name: 'inspect',
    usage: 'FILE',
    summary: "Print a predictor's signature, schema and routes without running the model.",
    example: 'incant inspect predictor.ts --json',
    options: select(INSPECT_OPTIONS),
  },
  init: INIT_COMMAND,
  model: {
    name: 'model',
    usage: 'ACTION [NAME[:VERSION]]',
    summary:
      'Keep versions of models on this machine: create, list, describe, tag, diff, rm, verify, gc, export, import, push, pull. incant serve NAME:VERSION FILE serves one.',
    example: 'incant model create words models/words',
    options: [],
  },
  build: BUILD_COMMAND,
  mcp: {
    name: 'mcp',
    usage: '[MODEL[:VERSION] ...] FILE',
    summary: 'Serve the predictor in a file as a tool over standard input, for assistants that start programs.',
    example: 'incant mcp predictor.ts',
    options: select([...MCP_OPTIONS, ...MCP_SETTINGS]),
  },
  manifest: MANIFEST_COMMAND,
  deploy: DEPLOY_COMMAND,
  server: {
    name: 'server',
    usage: 'ACTION [NAME]',
    summary:
      'Look after servers in a cluster, with your own kubectl: list, describe, status, logs, start, stop, update, rollback, scale, rm, predict, healthcheck, grafana.',
    example: 'incant server list',
    options: [],
  },
  install: INSTALL_COMMAND,
  top: TOP_COMMAND,
  jobs: {
    name: 'jobs',
    usage: 'ACTION URL [ID]',
    summary: 'Look after the jobs of a running server: list, show, cancel, retry.',
    example: 'incant jobs list http://127.0.0.1:8000',
    options: [],
  },
  token: {
    name: 'token',
    usage: TOKEN_USAGE,
    summary: 'Create, list, rotate and revoke access tokens.',
    example: 'incant token create --store tokens.json --name billing --expires 90d',
    options: [],
  },
  cert: {
    name: 'cert',
    usage: 'dev [--name NAME]...',
    summary: 'Make certificates to try a private server with.',
    example: 'incant cert dev',
    options: [],
  },
  completion: {
    name: 'completion',
    usage: 'bash|zsh|fish',
    summary: 'Print a script that completes commands and options in a shell.',
    example: 'eval "$(incant completion bash)"',
    options: [],
  },
  env: {
    name: 'env',
    usage: '',
    summary: 'Print versions, system and limits for a bug report. No value of a variable is printed.',
    example: 'incant env',
    options: [],
  },
}

/** The command of this name. */
export function findCommand(name: string): Command | undefined {
  return Object.values(COMMANDS).find(command => command.name === name)
}

function select(names: readonly string[]): readonly Option[] {
  return names.flatMap(name => OPTIONS.get(name) ?? [])
}
