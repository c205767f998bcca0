import { BasePredictor } from 'incant'
import type { ChatRequest, Embedding } from 'incant/openai'

/** Every kind of type whose check has taken more than its bytes should, one class each. */
export class Templates extends BasePredictor {
  predict(payload: {
    px?: `${number}px`
    size?: `${number}x${number}`
    version?: `${number}.${number}.${number}`
    mixed?: `${number}${string}x`
    big?: `${bigint}n`
    text?: `${string}.${string}`
  }): number {
    return Object.keys(payload).length
  }
}

type Alternative =
  | { a: string }
  | { b: number }
  | { c: boolean }
  | { d: string[] }
  | { e: number[] }
  | { f: Record<string, number> }
  | { g: Date }
  | { h: bigint }
  | { i: { j: string } | { k: number } }

export class Alternatives extends BasePredictor {
  predict(payload: { items: Alternative[] }): number {
    return payload.items.length
  }
}

type Expression =
  | { l?: Expression; r?: Expression; x?: number }
  | { l?: Expression; r?: Expression; y?: string }
  | { kids?: Expression[]; z?: boolean }
  | Expression[]
  | string
  | number

export class Tree extends BasePredictor {
  predict(payload: { e: Expression }): number {
    return payload.e === undefined ? 0 : 1
  }
}

export class Form extends BasePredictor {
  predict(form: FormData): number {
    return [...form.keys()].length
  }
}

export class Anything extends BasePredictor {
  predict(payload: unknown): unknown {
    return payload
  }
}

export class Members extends BasePredictor {
  predict(payload: Record<string, number | number[]>): number {
    return Object.keys(payload).length
  }
}

interface Sets {
  /** @uniqueItems */
  arrays?: number[][]
  /** @uniqueItems */
  texts?: string[]
}

export class Unique extends BasePredictor {
  predict(payload: Sets): number {
    return Object.keys(payload).length
  }
}

export class Numbers extends BasePredictor {
  predict(payload: { data: number[] }): number[] {
    return payload.data
  }
}

interface Texts {
  /** @pattern ^[a-z]+(?:-[a-z]+)*$ */
  name?: string
  /** @format uri */
  link?: string
  bytes?: Uint8Array
}

export class Patterns extends BasePredictor {
  predict(payload: Texts): number {
    return Object.keys(payload).length
  }
}

export class Chat extends BasePredictor {
  predict({ messages }: Pick<ChatRequest, 'messages'>): string {
    return String(messages.length)
  }
}

export class Embed extends BasePredictor {
  predict(text: string): Embedding {
    return [text.length]
  }
}

export class Rows extends BasePredictor {
  predict({ data }: { data: number[] }): number {
    return data.length
  }
}

/** Holds up its replica, and nothing else. */
export class Computes extends BasePredictor {
  predict({ milliseconds }: { milliseconds: number }): number {
    const until = performance.now() + milliseconds
    while (performance.now() < until);
    return milliseconds
  }
}
