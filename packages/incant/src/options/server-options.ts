import type { ResolvedOptions } from './definition.ts'

/** The settings of the server: sockets, limits below HTTP, life and death, logs. */
export const SERVER_OPTIONS = {
  host: { kind: 'text', default: '127.0.0.1', doc: 'The address to listen on. 0.0.0.0 or :: for all.' },
  port: {
    kind: 'integer',
    default: 8000,
    minimum: 0,
    maximum: 65_535,
    doc: 'The port to listen on. 0: any free one. The command also takes it from PORT.',
  },
  listen: {
    kind: 'text',
    default: '',
    doc: 'Where to listen in place of host and port: unix:PATH for a unix socket, which owner and group may use, or HOST:PORT.',
  },
  visibility: {
    kind: 'choice',
    default: 'public',
    choices: ['public', 'private'],
    doc: 'public answers every address. private answers the addresses in allow only; others get the 404 of an unknown path.',
  },
  allow: {
    kind: 'list',
    default: [],
    singular: 'allow',
    placeholder: 'CIDR',
    doc: 'Addresses that a private server answers, such as 10.0.0.0/8.',
  },
  trustedProxies: {
    kind: 'list',
    default: [],
    singular: 'trustedProxy',
    placeholder: 'CIDR',
    doc: 'Proxies whose forwarding header is trusted for the address of the caller.',
  },
  forwardingHeader: {
    kind: 'choice',
    default: 'x-forwarded-for',
    choices: ['x-forwarded-for', 'forwarded'],
    doc: 'The header that trusted proxies set. The other one is ignored.',
  },
  allowedHosts: {
    kind: 'list',
    default: [],
    singular: 'allowedHost',
    placeholder: 'NAME',
    doc: 'Host names under which the server may be called; others get the 404 of an unknown path. Default: for a private server, the names of its certificate and the address of the connection; on loopback, addresses and localhost; otherwise any.',
  },
  public: {
    kind: 'text',
    default: '',
    doc: 'A second, public address to listen on, as HOST:PORT, beside a private server.',
  },
  private: {
    kind: 'text',
    default: '',
    doc: 'A second, private address to listen on, as HOST:PORT, for the addresses in allow, beside a public server.',
  },
  probesListen: {
    kind: 'text',
    default: '',
    doc: 'A further address, as HOST:PORT, with /livez, /ready and /metrics alone, over plain HTTP and without authentication.',
  },
  grpcListen: {
    kind: 'text',
    default: '',
    doc: 'A further address, as HOST:PORT, where the Open Inference Protocol is answered over gRPC, as private as the rest of the server. Needs @grpc/grpc-js where the predictor is.',
  },
  publicRoutes: {
    kind: 'list',
    default: ['/predict'],
    singular: 'publicRoute',
    placeholder: 'PATH',
    doc: 'Paths that the public of two servers answers. The private one answers all paths.',
  },
  tlsCert: {
    kind: 'path',
    default: '',
    doc: 'The certificate chain (PEM) for HTTPS. Reloaded when the file changes, and on SIGHUP.',
  },
  tlsKey: { kind: 'path', default: '', doc: 'The private key (PEM) of the certificate, without a passphrase.' },
  clientCa: {
    kind: 'path',
    default: '',
    doc: 'CA certificates (PEM) for client certificates. When set, every client must present one they signed; with a public and a private listener, on the private one only.',
  },
  insecureHttp: {
    kind: 'boolean',
    default: false,
    doc: 'Allow a private server, or one that receives credentials over the network, to start without TLS.',
  },
  maxHeaderSize: {
    kind: 'size',
    default: 16_384,
    minimum: 1024,
    doc: 'Maximum size of the header section; more is a 431.',
  },
  maxHeaderCount: {
    kind: 'integer',
    default: 100,
    minimum: 1,
    maximum: 1000,
    doc: 'Maximum number of header lines; more is a 431.',
  },
  maxUrlLength: { kind: 'size', default: 8192, minimum: 64, doc: 'Maximum size of the request target; more is a 414.' },
  maxBodyChunks: {
    kind: 'integer',
    default: 65_536,
    minimum: 1,
    doc: 'Maximum number of chunks in a body; more is a 413.',
  },
  headersTimeout: {
    kind: 'duration',
    default: 10_000,
    minimum: 1000,
    doc: 'Time limit for receiving the header section; longer is a 408.',
  },
  bodyTimeout: {
    kind: 'duration',
    default: 60_000,
    minimum: 1000,
    doc: 'Time limit for receiving the whole request; longer is a 408.',
  },
  keepAliveTimeout: { kind: 'duration', default: 65_000, minimum: 1, doc: 'How long an idle connection is kept open.' },
  stallTimeout: {
    kind: 'duration',
    default: 30_000,
    minimum: 1000,
    doc: 'How long a client may read nothing of a response before it is cut off.',
  },
  maxConnections: {
    kind: 'integer',
    default: 1024,
    minimum: 1,
    doc: 'Connections whose requests are handled at once. Requests of others wait up to headersTimeout, then get a 503; probes do not wait. Connections past eight times as many are closed.',
  },
  maxConnectionsPerAddress: {
    kind: 'integer',
    default: 0,
    minimum: 0,
    doc: 'The same of one address; an IPv6 network of 64 bits counts as one, trusted proxies have no such limit. 0: a quarter of maxConnections.',
  },
  drainDelay: {
    kind: 'duration',
    default: 5000,
    minimum: 0,
    doc: 'Time between the first signal, when /ready turns 503, and the end of listening. 0 by default on a terminal.',
  },
  gracePeriod: {
    kind: 'duration',
    default: 25_000,
    minimum: 0,
    doc: 'Time for running calls to finish, counted from the end of listening.',
  },
  logFormat: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'json', 'pretty'],
    doc: 'JSON lines, or lines for people. auto: pretty on a terminal, else JSON.',
  },
  logLevel: {
    kind: 'choice',
    default: 'info',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    doc: 'The lowest level that is written. Probes (/livez, /ready, /health) are written at info when their answer changes, else at debug; scrapes of /metrics at debug.',
  },
  metrics: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'open', 'off'],
    doc: 'Who can read /metrics. auto: callers on this machine where the server listens on loopback only, and the addresses of allow; with metricsAuth, callers with the token. open: every caller. off: /metrics does not exist, and nothing is counted.',
  },
  metricsAuth: {
    kind: 'text',
    default: '',
    doc: 'Source of the bearer token for /metrics: env:NAME or file:PATH. Every caller of /metrics then needs it.',
  },
  page: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'open', 'off'],
    doc: 'Who can see the page at /, which tries the predictor. auto: callers on this machine where the server listens on loopback only, and the addresses of allow. open: every caller. off: there is no page.',
  },
  otel: {
    kind: 'boolean',
    default: false,
    doc: 'Whether traces are sent with the OpenTelemetry SDK that is installed where the predictor is. OTEL_… variables say where to.',
  },
  workers: {
    kind: 'integer',
    default: 1,
    minimum: 0,
    maximum: 256,
    words: { auto: -1 },
    doc: 'Processes that run the predictor. auto: as many as there are cores. 0: none, it runs in the process that serves.',
  },
  maxRequests: {
    kind: 'integer',
    default: 0,
    minimum: 0,
    doc: 'Calls after which a replica is replaced by a fresh one. 0: never.',
  },
  maxMemory: {
    kind: 'size',
    default: 0,
    doc: 'Resident memory above which a replica is replaced by a fresh one. 0: never.',
  },
  maxHeap: {
    kind: 'size',
    default: 0,
    doc: "JavaScript heap a process may have before it ends, in place of Node's default. 0: Node's default.",
  },
  workerExecArgv: {
    kind: 'list',
    default: [],
    singular: 'workerExecArgv',
    placeholder: 'OPTION',
    // A value of an option may have commas: --title=a,b.
    startsWith: '-',
    doc: 'Options of Node for each process, such as --expose-gc, written --worker-exec-argv=--expose-gc. A comma divides two where a hyphen follows.',
  },
  hangTimeout: {
    kind: 'duration',
    default: 5000,
    minimum: 100,
    doc: 'Time for a replica to respond once a call is past its deadline, before it counts as hung and is replaced.',
  },
  workerEnv: {
    kind: 'text',
    default: '',
    doc: 'Environment of each process, such as CUDA_VISIBLE_DEVICES=0,1: each process gets one of the comma-separated values.',
  },
} as const

export type { ServerSettings } from './server-settings.ts'

/** {@link ServerSettings}, all present: milliseconds and bytes. */
export type ResolvedServerSettings = ResolvedOptions<typeof SERVER_OPTIONS>
