import { expect, test } from 'vitest'
import { RequestError } from '../../../src/errors/request-error.ts'
import { cutData } from '../../../src/faces/v2/cut-data.ts'
import { readJSONElements } from '../../../src/faces/v2/json-elements.ts'
import type { TensorDatatype } from '../../../src/predictor/tensor.ts'

/** The elements of a tensor with that datum, or `refused`. */
async function read(datatype: TensorDatatype, datum: string): Promise<unknown> {
  const bytes = new TextEncoder().encode(`{"inputs":[{"data":[${datum}]}]}`)
  const [array] = (await cutData(bytes)).arrays
  if (array === undefined) throw new Error('There is no data.')
  try {
    const [element] = await readJSONElements(bytes, array, { name: 'x', datatype, shape: [1], count: 1 })
    return element
  } catch (thrown) {
    if (!RequestError.is(thrown)) throw thrown
    return 'refused'
  }
}

/** The smallest and the largest element of each, and what is next to them. */
const ENDS: Readonly<Record<string, readonly [below: string, least: string, most: string, above: string]>> = {
  BOOL: ['-1', '0', '1', '2'],
  INT8: ['-129', '-128', '127', '128'],
  UINT8: ['-1', '0', '255', '256'],
  INT16: ['-32769', '-32768', '32767', '32768'],
  UINT16: ['-1', '0', '65535', '65536'],
  INT32: ['-2147483649', '-2147483648', '2147483647', '2147483648'],
  UINT32: ['-1', '0', '4294967295', '4294967296'],
  // Half way to the next float of 32 bits, and the double before it.
  FP32: ['-3.4028235677973366e38', '-3.4028235677973362e38', '3.4028235677973362e38', '3.4028235677973366e38'],
  FP64: ['-1.7976931348623159e308', '-1.7976931348623157e308', '1.7976931348623157e308', '1.7976931348623159e308'],
}

test.each(Object.entries(ENDS))('%s ends where its elements do', async (name, [below, least, most, above]) => {
  const datatype = name as TensorDatatype
  const kept = (text: string): number => (name === 'FP32' ? Math.fround(Number(text)) : Number(text))
  expect([await read(datatype, least), await read(datatype, most)]).toEqual([kept(least), kept(most)])
  expect([await read(datatype, below), await read(datatype, above)]).toEqual(['refused', 'refused'])
})

test.each(['BOOL', 'INT8', 'UINT8', 'INT16', 'UINT16', 'INT32', 'UINT32', 'INT64', 'UINT64'] as const)(
  '%s has whole numbers alone, however they are written',
  async datatype => {
    expect(await read(datatype, '0.5')).toBe('refused')
    expect(Number(await read(datatype, '1.0'))).toBe(1)
    expect(Number(await read(datatype, '10e-1'))).toBe(1)
  },
)
