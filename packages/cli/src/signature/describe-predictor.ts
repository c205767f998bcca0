import { HINTS, type PredictSignature } from 'incant/internal/signature'
import type { PredictMethod } from './class/predict-method.ts'
import type { PredictorClass } from './class/predictor-class.ts'
import { readDocumentation } from './types/documentation.ts'
import { readExamples } from './types/examples.ts'
import type { SchemaContext } from './types/schema-context.ts'

/** Reads the JSDoc of a class and of its predict, or of the method that computes batches. */
export function describePredictor(
  context: SchemaContext,
  predictor: PredictorClass,
  method: PredictMethod,
): Pick<PredictSignature, 'description' | 'deprecated' | 'title' | 'hints' | 'examples'> {
  const documented = method.batch?.symbol ?? method.symbol
  const both = [predictor.symbol, documented].map(symbol => readDocumentation(context, symbol))
  const description = both
    .map(part => part.description)
    .filter(text => text !== '')
    .join('\n\n')
  const tags = both.flatMap(part => part.tags)
  const isDeprecated = tags.some(({ name }) => name === 'deprecated')
  const title = [...tags]
    .reverse()
    .find(({ name }) => name === 'title')
    ?.text?.trim()
  const hints = HINTS.filter(hint => tags.some(({ name }) => name === hint))
  const examples = [...both].reverse().flatMap(part => readExamples(part))
  return {
    ...(description === '' ? {} : { description }),
    ...(isDeprecated ? { deprecated: true } : {}),
    ...(title === undefined || title === '' ? {} : { title }),
    ...(hints.length === 0 ? {} : { hints }),
    ...(examples.length === 0 ? {} : { examples }),
  }
}
