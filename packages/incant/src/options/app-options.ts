import type { ResolvedOptions } from './definition.ts'

/** The settings of the application itself, with or without a socket under it. */
export const APP_OPTIONS = {
  maxBodySize: { kind: 'size', default: 10_485_760, minimum: 1, doc: 'Bytes a request body may have; more is a 413.' },
  maxJsonDepth: {
    kind: 'integer',
    default: 64,
    minimum: 1,
    maximum: 1000,
    doc: 'How deep JSON may nest; deeper is a 400.',
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
    doc: 'Whether a JSON object with the same member twice is a 400. Otherwise the last one wins.',
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
    doc: 'Bytes that the headers of one part of a form may have; more is a 413.',
  },
  requestTimeout: {
    kind: 'duration',
    default: 60_000,
    minimum: 1,
    doc: 'Time a call may take, waiting and streaming included, counted from the whole body; longer is a 504 and the signal fires.',
  },
  setupTimeout: {
    kind: 'duration',
    default: 600_000,
    minimum: 1,
    doc: 'Time setup() may take; longer stops the start.',
  },
  healthTimeout: {
    kind: 'duration',
    default: 5000,
    minimum: 1,
    doc: "Time the predictor's health() may take; longer is a 503.",
  },
  healthDetails: {
    kind: 'boolean',
    default: false,
    doc: 'Whether /health, which everybody may ask, also tells of the engine: its load, its processes, what the last one died of.',
  },
  concurrency: {
    kind: 'integer',
    default: 16,
    minimum: 1,
    maximum: 10_000,
    doc: 'Calls in flight at most, in each process. By default what @concurrency says; of a predictor that computes batches twice maxSize.',
  },
  queue: { kind: 'integer', default: 100, minimum: 0, doc: 'Calls that may wait for their turn; one more is a 503.' },
  authTimeout: {
    kind: 'duration',
    default: 5000,
    minimum: 1,
    doc: 'Time a verifier of credentials may take; longer is a 503.',
  },
  maxAuthFailures: {
    kind: 'integer',
    default: 100,
    minimum: 0,
    doc: 'Failed attempts to authenticate that an address may make a minute; more is a 429. 0: any number.',
  },
  logRate: {
    kind: 'integer',
    default: 300,
    minimum: 0,
    doc: 'Lines a second of calls that went well, past which only a sample of them is written, each with how many it stands for. 0: all.',
  },
  corsOrigins: {
    kind: 'list',
    default: [],
    singular: 'corsOrigin',
    placeholder: 'ORIGIN',
    doc: 'Origins of web pages that may call, such as http://localhost:5173, or * for every origin, without credentials. Default: pages of the same origin alone.',
  },
  openapi: { kind: 'boolean', default: true, doc: 'Whether /openapi.json is served.' },
  publicOpenapi: {
    kind: 'boolean',
    default: false,
    doc: 'Whether /openapi.json is served without credentials where predict asks for them.',
  },
} as const

export type { AppSettings } from './app-settings.ts'

/** {@link AppSettings}, all present: milliseconds and bytes. */
export type ResolvedAppSettings = ResolvedOptions<typeof APP_OPTIONS>
