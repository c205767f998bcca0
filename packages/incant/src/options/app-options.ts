import type { ResolvedOptions } from './definition.ts'

/** The settings of the application itself, with or without a socket under it. */
export const APP_OPTIONS = {
  maxBodySize: { kind: 'size', default: 10_485_760, minimum: 1, doc: 'Maximum size of a request body; more is a 413.' },
  maxJsonDepth: {
    kind: 'integer',
    default: 64,
    minimum: 1,
    maximum: 1000,
    doc: 'Maximum nesting depth of JSON; deeper is a 400.',
  },
  maxJsonMembers: {
    kind: 'integer',
    default: 100_000,
    minimum: 1,
    doc: 'Members that the objects of a JSON body may have together; more is a 413.',
  },
  maxJsonItems: {
    kind: 'integer',
    default: 5_242_880,
    minimum: 1,
    doc: 'Items that the arrays of a JSON body may have together; more is a 413. Default: as many as a body of the default size can have.',
  },
  strictJson: {
    kind: 'boolean',
    default: false,
    doc: 'Refuse a JSON object that has the same member twice with a 400. Otherwise the last one wins.',
  },
  maxFormParts: {
    kind: 'integer',
    default: 1000,
    minimum: 1,
    doc: 'Parts, fields and files together, that a multipart form may have; more is a 413.',
  },
  maxFormFields: {
    kind: 'integer',
    default: 1000,
    minimum: 1,
    doc: 'Fields that a form in the encoding of URLs may have; more is a 413.',
  },
  maxPartHeaderSize: {
    kind: 'size',
    default: 16_384,
    minimum: 256,
    doc: 'Bytes that the headers of one part of a form may have, and those of all parts 64 times as many; more is a 413.',
  },
  requestTimeout: {
    kind: 'duration',
    default: 60_000,
    minimum: 1,
    doc: 'Time limit for a call, waiting and streaming included, counted from the end of its body; longer is a 504, and the signal fires.',
  },
  setupTimeout: {
    kind: 'duration',
    default: 600_000,
    minimum: 1,
    doc: 'Time limit for setup(); longer stops the start.',
  },
  healthTimeout: {
    kind: 'duration',
    default: 5000,
    minimum: 1,
    doc: "Time limit for the predictor's health(); longer is a 503.",
  },
  healthDetails: {
    kind: 'boolean',
    default: false,
    doc: 'Adds the state of the engine to /health, which everyone can read: its load, its processes, the cause of the last death; and the versions of the models, with their digests.',
  },
  modelHeader: {
    kind: 'boolean',
    default: false,
    doc: 'Adds Incant-Model to the answers of /predict: the version of the model and the digest of its files, as words:v1@sha256:….',
  },
  concurrency: {
    kind: 'integer',
    default: 16,
    minimum: 1,
    maximum: 10_000,
    doc: 'Calls in flight at most, in each process. By default what @concurrency says; of a predictor that computes batches twice maxSize.',
  },
  queue: { kind: 'integer', default: 100, minimum: 0, doc: 'Maximum number of waiting calls; one more is a 503.' },
  authTimeout: {
    kind: 'duration',
    default: 5000,
    minimum: 1,
    doc: 'Time limit for a verifier of credentials; longer is a 503.',
  },
  maxAuthFailures: {
    kind: 'integer',
    default: 100,
    minimum: 0,
    doc: 'Failed authentication attempts per address and minute; more is a 429. 0: no limit.',
  },
  logRate: {
    kind: 'integer',
    default: 300,
    minimum: 0,
    doc: 'The most lines a second for successful calls. Beyond that the log has a sample, each line with the number of calls that it represents. 0: no limit.',
  },
  corsOrigins: {
    kind: 'list',
    default: [],
    singular: 'corsOrigin',
    placeholder: 'ORIGIN',
    doc: 'Origins of web pages that may call, such as http://localhost:5173, or * for every origin, without credentials. Default: pages of the same origin alone.',
  },
  protocols: {
    kind: 'list',
    default: [],
    singular: 'protocol',
    placeholder: 'openai',
    choices: ['openai', 'v2', 'v1', 'mcp', 'jobs', 'none'],
    doc: 'Protocols on which the model answers beside /predict. none: on no other. Default: those that the types of predict name.',
  },
  modelAliases: {
    kind: 'list',
    default: [],
    singular: 'modelAlias',
    placeholder: 'gpt-4o-mini',
    doc: 'Other names of the model for clients of the OpenAI API. ALIAS=MODEL on a server with several models.',
  },
  jobsStore: {
    kind: 'text',
    default: 'memory',
    doc: 'Where jobs are kept: memory, the path of a file such as ./jobs.db, which needs Node 22.13, or postgres://USER:PASSWORD@HOST/DATABASE, which several machines can share and which needs pg where the predictor is. For the protocol jobs.',
  },
  jobsStoreInput: {
    kind: 'choice',
    default: 'on',
    choices: ['on', 'off'],
    doc: 'Whether the inputs of jobs are written to the store. off: they are in the memory of the server that took them alone, and a job that it has not finished when it ends fails.',
  },
  jobsQueue: {
    kind: 'integer',
    default: 100_000,
    minimum: 0,
    doc: 'Jobs that may wait in the store; one more is a 503.',
  },
  jobsExpiry: {
    kind: 'duration',
    default: 259_200_000,
    minimum: 1000,
    doc: 'Time for which a job may wait; longer fails it as expired.',
  },
  jobsTimeout: {
    kind: 'duration',
    default: 86_400_000,
    minimum: 1,
    doc: 'Time limit for a job from its begin; longer fails it as deadline_exceeded, and the signal fires.',
  },
  jobsOutputSize: {
    kind: 'size',
    default: 67_108_864,
    minimum: 1,
    doc: 'Maximum size of what a job returns or streams; more fails it as output_too_large.',
  },
  jobsOutputRetention: {
    kind: 'duration',
    default: 3_600_000,
    minimum: 1000,
    doc: 'Time for which the inputs, outputs and logs of jobs that are over are kept.',
  },
  jobsRetention: {
    kind: 'duration',
    default: 86_400_000,
    minimum: 1000,
    doc: 'Time for which jobs that are over are kept, without their outputs.',
  },
  jobsMemory: {
    kind: 'size',
    default: 268_435_456,
    minimum: 1,
    doc: 'Size of the inputs, outputs and logs in a store in memory; a submission beyond it is a 503.',
  },
  jobsRetry: {
    kind: 'integer',
    default: 2,
    minimum: 0,
    maximum: 100,
    doc: 'How often a job whose server has died begins again, where predict is @idempotent. Others fail as interrupted.',
  },
  webhookAllow: {
    kind: 'list',
    default: [],
    singular: 'webhookAllow',
    placeholder: 'CIDR',
    doc: 'Addresses that webhooks of jobs may go to beside the public ones, such as 10.0.0.0/8: over HTTPS, and over HTTP too.',
  },
  webhookSecretsFile: {
    kind: 'path',
    default: '',
    doc: 'A file with the secrets, whsec_… one a line, that webhooks of jobs are signed with; each makes a signature. Without it they are not signed.',
  },
  publicUrl: {
    kind: 'text',
    default: '',
    doc: 'The address at which clients reach the server, with the path that a proxy puts before its own: https://models.example.com/words. Default: what the request names.',
  },
  openapi: { kind: 'boolean', default: true, doc: 'Serve /openapi.json.' },
  publicOpenapi: {
    kind: 'boolean',
    default: false,
    doc: 'Serve /openapi.json without credentials although predict requires them.',
  },
} as const

export type { AppSettings } from './app-settings.ts'

/** {@link AppSettings}, all present: milliseconds and bytes. */
export type ResolvedAppSettings = ResolvedOptions<typeof APP_OPTIONS>
