import type { Command } from './command-definition.ts'

/** A word that other tools know, and what it is here. */
interface Habit {
  readonly words: readonly string[]
  /** The fix in one sentence. */
  readonly instead: string
}

/** Commands of other servers, bundlers and frameworks. */
const COMMANDS: readonly Habit[] = [
  { words: ['run', 'start', 'up', 'api'], instead: 'To serve a predictor, write: incant serve FILE' },
  { words: ['dev', 'watch'], instead: 'To serve new code as you edit, write: incant serve FILE --watch' },
  { words: ['validate', 'check', 'lint'], instead: 'To check a predictor, write: incant serve FILE --validate' },
  { words: ['schema', 'openapi', 'describe'], instead: 'To print the signature, write: incant inspect FILE' },
  { words: ['monitor', 'status', 'stats'], instead: 'To watch a running server, write: incant top URL' },
  { words: ['info', 'doctor', 'version'], instead: 'For versions and limits, write: incant env' },
  { words: ['new', 'create', 'scaffold'], instead: 'For a new project, write: incant init DIR' },
  {
    words: ['yaml', 'kubernetes', 'k8s', 'compose', 'helm', 'generate'],
    instead: 'For Kubernetes, KServe, Knative or Compose, write: incant manifest NAME --image IMAGE',
  },
  {
    words: ['bundle', 'package', 'pack', 'containerize', 'dockerize', 'push'],
    instead: 'To write a folder with all that an image needs, write: incant build FILE',
  },
]

/** Options of `serve` in uvicorn, gunicorn, LitServe, BentoML, nodemon and their like. */
const OPTIONS: readonly Habit[] = [
  { words: ['reload', 'hot', 'live-reload', 'r'], instead: 'Use --watch: it serves new code when a file changes.' },
  { words: ['timeout', 't'], instead: 'Use --request-timeout for a call, or --setup-timeout for setup().' },
  { words: ['timeout-keep-alive', 'keep-alive'], instead: 'Use --keep-alive-timeout.' },
  { words: ['timeout-graceful-shutdown', 'graceful-timeout'], instead: 'Use --grace-period.' },
  {
    words: ['cors', 'cors-origins', 'allow-origin', 'allow-origins', 'origin'],
    instead: 'Use --cors-origin with the origin of the front-end, such as --cors-origin https://app.example.com.',
  },
  {
    words: ['bind', 'b', 'listen', 'address', 'addr', 'l'],
    instead: 'Use --host for the address and --port for the port.',
  },
  {
    words: ['hostname'],
    instead: 'Use --host for the address to listen on, or --allowed-host for a name of a private server.',
  },
  {
    words: [
      'w',
      'j',
      'processes',
      'num-workers',
      'api-workers',
      'workers-per-device',
      'threads',
      'cluster',
      'instances',
      'replicas',
      'i',
    ],
    instead: 'Use --workers: each one is a process that runs the predictor.',
  },
  { words: ['max-requests-per-child'], instead: 'Use --max-requests.' },
  {
    words: ['backlog', 'max-queue', 'queue-size', 'limit-concurrency'],
    instead: 'Use --queue for waiting calls, and --concurrency for running ones.',
  },
  {
    words: ['max-batch-size', 'batch-size', 'batch-timeout'],
    instead: 'Set it where the batch is written: @batch({ maxSize, maxWait }) on the class.',
  },
  { words: ['max-payload-size', 'body-limit', 'limit', 'max-body'], instead: 'Use --max-body-size.' },
  {
    words: ['devices', 'device', 'gpu', 'gpus', 'accelerator'],
    instead: 'Give each process its device: --workers 2 --worker-env CUDA_VISIBLE_DEVICES=0,1',
  },
  { words: ['env-file', 'dotenv'], instead: 'Use --env FILE.' },
  {
    words: ['c'],
    instead: "Use --config for the constructor's values, or --settings FILE for settings of the server.",
  },
  { words: ['verbose', 'V', 'd'], instead: 'Use --log-level debug.' },
  { words: ['quiet', 'q', 'silent'], instead: 'Use --log-level error, or --log-level silent.' },
  { words: ['log', 'log-config'], instead: 'Use --log-level and --log-format.' },
  {
    words: ['access-log', 'no-access-log'],
    instead: 'Use --log-level warn to leave out requests that went well, or --log-rate to sample them.',
  },
  {
    words: ['https', 'ssl', 'tls', 'ssl-certfile', 'cert', 'certfile'],
    instead: 'Use --tls-cert FILE with --tls-key FILE.',
  },
  { words: ['ssl-keyfile', 'key', 'keyfile'], instead: 'Use --tls-key FILE with --tls-cert FILE.' },
  { words: ['ssl-ca-certs', 'ca', 'client-cert'], instead: 'Use --client-ca FILE for the certificates of callers.' },
  {
    words: ['proxy-headers', 'forwarded-allow-ips', 'trust-proxy'],
    instead: 'Use --trusted-proxy with the address of the proxy.',
  },
  {
    words: ['token', 'api-key', 'auth', 'password'],
    instead: 'Put an authentication decorator such as @bearerAuth on the class; no flag takes a secret.',
  },
  {
    words: ['inspect', 'inspect-brk'],
    instead:
      'The predictor runs in its own process: use --worker-exec-argv=--inspect, or --workers 0 with node --inspect.',
  },
  { words: ['daemon', 'D', 'detach'], instead: 'Start it with a process manager such as systemd, or in a container.' },
  { words: ['prod', 'production'], instead: 'Leave it out: there is one mode.' },
  { words: ['class', 'name', 'n'], instead: 'Use --class-name.' },
  {
    words: ['model', 'model-dir', 'm'],
    instead:
      'Use --model-path for the folder of the files; name and version come first: incant serve NAME:VERSION FILE',
  },
  { words: ['v'], instead: 'For the version, write: incant --version' },
  { words: ['uds', 'unix', 'socket', 'fd'], instead: 'A server listens on an address and a port: --host and --port.' },
]

/** Finds our command for one of another tool. */
export function meantCommand(given: string): string | undefined {
  return find(COMMANDS, given)
}

/** Finds our option for one of another server: `--reload`, `-w`. */
export function meantOption(command: Command, given: string): string | undefined {
  return command.name === 'serve' ? find(OPTIONS, given.replace(/^--?/, '')) : undefined
}

function find(habits: readonly Habit[], given: string): string | undefined {
  return habits.find(({ words }) => words.includes(given))?.instead
}
