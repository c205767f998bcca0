import type { Command } from './command-definition.ts'
import { MANIFEST_COMMAND, MANIFEST_FLAGS } from './manifest-command.ts'
import { type Flag, toFlag } from './option.ts'

/** What `incant server` can do. */
export type ServerAction =
  | 'list'
  | 'describe'
  | 'status'
  | 'logs'
  | 'start'
  | 'stop'
  | 'update'
  | 'rollback'
  | 'scale'
  | 'rm'
  | 'predict'
  | 'healthcheck'
  | 'grafana'

/** Options of `incant server`, by name. */
export const SERVER_FLAGS = {
  context: {
    kind: 'value',
    placeholder: 'NAME',
    doc: 'The cluster, as a context of kubectl. Default: the current context.',
  },
  namespace: {
    kind: 'value',
    placeholder: 'NAME',
    doc: 'The namespace. Default: that of the context.',
  },
  allNamespaces: { kind: 'switch', doc: 'Servers of every namespace.' },
  json: { kind: 'switch', doc: 'Print JSON.' },
  follow: { kind: 'switch', doc: 'Go on until Ctrl-C.' },
  tail: { kind: 'value', placeholder: 'LINES', doc: 'The last lines of each pod. Default: 100.' },
  pod: { kind: 'value', placeholder: 'POD', doc: 'One pod, in place of all.' },
  previous: { kind: 'switch', doc: 'The run before the last restart.' },
  minPods: { kind: 'value', placeholder: 'NUMBER', doc: 'The fewest pods.' },
  maxPods: { kind: 'value', placeholder: 'NUMBER', doc: 'The most pods.' },
  force: { kind: 'switch', doc: 'Also a server that runs.' },
  data: {
    kind: 'value',
    placeholder: 'JSON|@FILE',
    doc: 'The payload, or a file of it. @- is standard input.',
  },
  path: { kind: 'value', placeholder: 'PATH', doc: 'The path that is called. Default: /predict.' },
  contentType: { kind: 'value', placeholder: 'TYPE', doc: 'The type of the payload. Default: application/json.' },
  tokenEnv: { kind: 'value', placeholder: 'NAME', doc: 'The environment variable of a token for the server.' },
  tokenFile: { kind: 'value', placeholder: 'FILE', doc: 'The file of a token for the server.' },
  local: { kind: 'switch', doc: 'A service of this machine, as incant install writes it, in place of a cluster.' },
  configMap: { kind: 'switch', doc: 'Print a ConfigMap that the sidecar of Grafana loads (label grafana_dashboard).' },
} as const

/** The name of an option of `incant server`. */
export type ServerFlagName = keyof typeof SERVER_FLAGS

/** One letter for what kubectl and curl have one for. */
const SHORT: Partial<Record<ServerFlagName, string>> = { namespace: 'n', follow: 'f', data: 'd' }

/** Options by their names. */
export function select(...names: readonly ServerFlagName[]): readonly Flag[] {
  return names.map(name => {
    const short = SHORT[name]
    return { ...toFlag(name, SERVER_FLAGS[name]), ...(short === undefined ? {} : { short }) }
  })
}

const PLACE = ['context', 'namespace', 'local'] as const

/** `incant deploy`: the options of a manifest, and of a cluster. */
export const DEPLOY_COMMAND: Command = {
  name: 'deploy',
  usage: MANIFEST_COMMAND.usage,
  summary: 'Apply the manifest of a server to a cluster with kubectl, and wait until its pods are ready.',
  example: 'incant deploy words --image registry.example/words:1 --min-pods 2',
  options: [...MANIFEST_FLAGS, ...select('context')],
}

/** Every action of `incant server` as a command with its help. No option is an environment variable. */
export const SERVER_COMMANDS: Readonly<Record<ServerAction, Command>> = {
  list: {
    name: 'server list',
    usage: '',
    summary: 'Show the servers that incant deploy has made.',
    example: 'incant server list --all-namespaces',
    options: select(...PLACE, 'allNamespaces', 'json'),
  },
  describe: {
    name: 'server describe',
    usage: 'NAME',
    summary: 'Show how a server was deployed, what it is reached by, and its state.',
    example: 'incant server describe words',
    options: select(...PLACE, 'json'),
  },
  status: {
    name: 'server status',
    usage: 'NAME',
    summary: 'Show the pods of a server: 0 when all are ready, else 1.',
    example: 'incant server status words',
    options: select(...PLACE, 'json'),
  },
  logs: {
    name: 'server logs',
    usage: 'NAME',
    summary: 'Show the log of every pod, or of one.',
    example: 'incant server logs words --follow',
    options: select('follow', 'pod', 'tail', 'previous', ...PLACE),
  },
  start: {
    name: 'server start',
    usage: 'NAME',
    summary: 'Start a server that was stopped, with as many pods as it had, and wait until they are ready.',
    example: 'incant server start words',
    options: select(...PLACE),
  },
  stop: {
    name: 'server stop',
    usage: 'NAME',
    summary: 'End every pod of a server. What it was deployed with stays.',
    example: 'incant server stop words',
    options: select(...PLACE),
  },
  update: {
    name: 'server update',
    usage: 'NAME [OPTIONS of incant manifest]',
    summary:
      'Change what is given, and nothing else. Where the new pods do not become ready, the old ones serve on, and the exit code is 1.',
    example: 'incant server update words --image registry.example/words:2',
    options: [...MANIFEST_FLAGS, ...select('context', 'local')],
  },
  rollback: {
    name: 'server rollback',
    usage: 'NAME',
    summary: 'Go back to what was deployed before, and wait until it is ready.',
    example: 'incant server rollback words',
    options: select(...PLACE),
  },
  scale: {
    name: 'server scale',
    usage: 'NAME --min-pods NUMBER [--max-pods NUMBER]',
    summary: 'Change how many pods there are.',
    example: 'incant server scale words --min-pods 2 --max-pods 6',
    options: select('minPods', 'maxPods', ...PLACE),
  },
  rm: {
    name: 'server rm',
    usage: 'NAME',
    summary: 'Delete everything of a server that was stopped. Secrets and the namespace stay.',
    example: 'incant server rm words',
    options: select('force', ...PLACE),
  },
  predict: {
    name: 'server predict',
    usage: 'NAME --data JSON',
    summary: 'Call a server through the API of the cluster, private ones as well.',
    example: `incant server predict words --data '{"text":"hello"}'`,
    options: select('data', 'path', 'contentType', 'tokenEnv', 'tokenFile', ...PLACE),
  },
  healthcheck: {
    name: 'server healthcheck',
    usage: 'NAME',
    summary: 'Ask /health of one pod: 0 when it is well, else 1.',
    example: 'incant server healthcheck words',
    options: select(...PLACE),
  },
  grafana: {
    name: 'server grafana',
    usage: '',
    summary: 'Print the dashboard of Grafana.',
    example: 'incant server grafana > dashboard.json',
    options: select('configMap', 'namespace'),
  },
}
