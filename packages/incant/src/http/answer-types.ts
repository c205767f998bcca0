import type { ReturnSignature } from '../signature/signature.ts'
import type { PredictOutput } from './predict-io.ts'

/** The content type of an answer by default, by the kind of predict's result. */
const DEFAULT_TYPES: { readonly [kind in ReturnSignature['kind']]?: string } = {
  bytes: 'application/octet-stream',
  text: 'text/plain; charset=utf-8',
  json: 'application/json',
}

/**
 * Gives answers the content type that the signature names (`@contentMediaType image/png`), where they have none of their
 * own. A range, `image/*`, names none. `undefined`: the signature says nothing.
 */
export function planAnswerTypes(
  returns: readonly ReturnSignature[],
): ((output: PredictOutput) => PredictOutput) | undefined {
  const types = new Map(
    returns.flatMap(({ kind, schema }) => {
      const [general, declared] = [DEFAULT_TYPES[kind], schema?.contentMediaType]
      if (general === undefined || declared === undefined || /[*,]/.test(declared)) return []
      return [[general, kind === 'text' ? `${declared}; charset=utf-8` : declared]]
    }),
  )
  if (types.size === 0) return undefined
  return output => ({ ...output, contentType: types.get(output.contentType) ?? output.contentType })
}
