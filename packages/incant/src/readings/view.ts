/** The figures of a server. A figure that it does not expose, or that needs a second reading, is undefined or absent. */
export interface View {
  readonly build: Readonly<Record<'version' | 'node' | 'model' | 'modelVersion', string>>
  readonly ready: boolean | undefined
  /** Requests a second: all, and by the class of the status, such as `2xx`. */
  readonly requests: { readonly total: number | undefined; readonly classes: ReadonlyMap<string, number> }
  readonly inFlight: { readonly requests: number | undefined; readonly calls: number | undefined }
  readonly queue: { readonly length: number | undefined; readonly limit: number | undefined }
  /** Bytes a second of bodies, and items a second of streams. */
  readonly traffic: Readonly<Record<'received' | 'sent' | 'streamItems', number | undefined>>
  readonly times: readonly Times[]
  readonly batches: Batches | undefined
  readonly sequences: Sequences | undefined
  readonly replicas: ReadonlyMap<string, number>
  readonly restarts: readonly Count[]
  readonly refusals: readonly Count[]
  /** Seconds since the epoch. */
  readonly certificateExpiry: number | undefined
  readonly processes: readonly ProcessView[]
  /** Each model, where the server has several; else none. */
  readonly models: readonly ModelView[]
  readonly custom: readonly CustomValue[]
}

/** One model of a server that has several. */
export interface ModelView {
  /** `NAME`, or `NAME:VERSION`. */
  readonly model: string
  readonly ready: boolean
  /** Calls a second. */
  readonly rate: number | undefined
  /** Seconds that predict takes. */
  readonly p50: number | undefined
  readonly p99: number | undefined
  readonly queue: { readonly length: number; readonly limit: number }
  /** Those that are ready. */
  readonly replicas: number
  /** Since the server began. */
  readonly restarts: number
}

/** How long one step took, in seconds. */
export interface Times {
  readonly step: string
  /** How many a second. */
  readonly rate: number | undefined
  readonly p50: number | undefined
  readonly p90: number | undefined
  readonly p99: number | undefined
}

/** The sizes of batches. */
export interface Batches {
  readonly mean: number | undefined
  readonly p50: number | undefined
  readonly p99: number | undefined
}

/** The sequences of a predictor. */
export interface Sequences {
  /** Live ones, by what they do: `running`, `waiting`, `paused`. */
  readonly states: ReadonlyMap<string, number>
  /** How many sequences a step has. */
  readonly size: Batches
  /** Steps a second. */
  readonly rate: number | undefined
  /** Seconds that a step takes. */
  readonly p50: number | undefined
  readonly p99: number | undefined
}

/** Something that is counted by its reason. */
export interface Count {
  readonly reason: string
  /** Since the server began. */
  readonly total: number
  /** Between the two readings. */
  readonly increase: number | undefined
}

/** One process of the server: `front`, or the index of a replica; with several models after the name of its model. */
export interface ProcessView {
  readonly replica: string
  /** Bytes. */
  readonly resident: number | undefined
  readonly heap: number | undefined
  /** Processors in use: 1 is all of one. */
  readonly cpu: number | undefined
  /** Delay of the event loop, in seconds. */
  readonly loopMedian: number | undefined
  readonly loopP99: number | undefined
}

/** The metrics of the predictor's own code. */
export interface CustomValue {
  readonly name: string
  readonly tag: string
  readonly replica: string
  readonly value: number
}
