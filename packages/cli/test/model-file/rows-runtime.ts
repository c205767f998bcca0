/** A package with a runtime for another format: `.rows`, JSON that says what to add to each number. */
const RUNTIME = `import { readFileSync } from 'node:fs'

const read = file => {
  const { bias } = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof bias !== 'number') throw new Error('bias is no number')
  return bias
}

export default {
  name: 'rows',
  extensions: ['.rows'],
  describe(file) {
    read(file)
    return {
      description: 'Adds a number.',
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 'width'] }],
      outputs: [{ name: 'y.0', datatype: 'FP32', shape: ['batch', 'width'] }, { name: 'pid', datatype: 'INT64', shape: ['batch'] }],
    }
  },
  async open(file, { threads }) {
    const bias = read(file)
    if (bias > 1000) throw new Error('bias needs a newer runtime')
    return {
      run: ({ x }) => ({
        'y.0': { ...x, data: x.data.map(value => value + bias) },
        pid: { datatype: 'INT64', shape: [x.shape[0]], data: new BigInt64Array(x.shape[0]).fill(BigInt(process.pid)) },
      }),
    }
  },
}
`

/** The files of the package, and of a model with it. */
export const ROWS_FILES: Readonly<Record<string, string>> = {
  'add.rows': '{ "bias": 1 }',
  'node_modules/rows-runtime/package.json': '{ "name": "rows-runtime", "type": "module", "exports": "./index.js" }',
  'node_modules/rows-runtime/index.js': RUNTIME,
}
