import { expectTypeOf, test } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { BatchPredictor } from '../../src/predictor/batch-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import type { Models } from '../../src/predictor/models.ts'

class Words extends BasePredictor {
  predict(
    _payload: { text: string },
    _context: PredictContext,
  ): Promise<{ when: Date; large: bigint; mean: Float32Array }> {
    throw new Error('only its types are used')
  }
}

class Ocr extends BasePredictor {
  predict(_page: Uint8Array): { lines: string[] } {
    return { lines: [] }
  }
}

class Speller extends BasePredictor {
  async *predict(text: string): AsyncGenerator<{ letter: string }, number> {
    yield { letter: text }
    return 1
  }
}

class Upscaler extends BasePredictor {
  predict(_context: PredictContext): Blob {
    return new Blob([])
  }
}

class Batched extends BatchPredictor {
  predictBatch(payloads: { text: string }[]): number[] {
    return payloads.map(({ text }) => text.length)
  }
}

declare const models: Models

test('what another model takes and gives is what its class says', () => {
  const words = models.get<typeof Words>('words')
  expectTypeOf(words.predict).parameters.toEqualTypeOf<[payload: { text: string }]>()
  expectTypeOf(words.predict).returns.resolves.toEqualTypeOf<{ when: string; large: string; mean: Float32Array }>()
  const ocr = models.get<typeof Ocr>('ocr')
  expectTypeOf(ocr.predict).parameters.toEqualTypeOf<[payload: Uint8Array | ArrayBuffer | Blob]>()
  expectTypeOf(ocr.predict).returns.resolves.toEqualTypeOf<{ lines: string[] }>()
  expectTypeOf(models.get<typeof Speller>('s').predict).returns.resolves.toEqualTypeOf<
    AsyncIterableIterator<{ letter: string }, undefined>
  >()
  const upscaler = models.get<typeof Upscaler>('u')
  expectTypeOf(upscaler.predict).parameters.toEqualTypeOf<[]>()
  expectTypeOf(upscaler.predict).returns.resolves.toEqualTypeOf<Uint8Array>()
  expectTypeOf(models.get<typeof Batched>('b').predict).parameters.toEqualTypeOf<[payload: { text: string }]>()
  expectTypeOf(models.get<typeof Batched>('b').predict).returns.resolves.toEqualTypeOf<number>()
})

test('without a class anything goes in, and unknown comes out', () => {
  expectTypeOf(models.get('words').predict).returns.resolves.toBeUnknown()
  // @ts-expect-error: the class takes an object with a text.
  void models.get<typeof Words>('words').predict({ txt: 'a' })
})
