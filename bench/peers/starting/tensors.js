/** The payload of a row as tensors of the Open Inference Protocol, version 2. */
export function toTensors({ task, payload }) {
  return { id: '1', inputs: ENCODERS[task](payload) }
}

const ENCODERS = {
  small: ({ text, top }) => [
    { name: 'text', shape: [1], datatype: 'BYTES', data: [text] },
    { name: 'top', shape: [1], datatype: 'INT64', data: [top] },
  ],
  numbers: ({ data }) => [{ name: 'data', shape: [data.length], datatype: 'FP64', data }],
  'mlp-single': encodeRow,
  'mlp-batched': encodeRow,
}

function encodeRow({ data }) {
  return [{ name: 'x', shape: [1, data.length], datatype: 'FP32', data }]
}

/** The answer of a task in the one tensor of a response. */
export function readTensor(text, task) {
  const [first, second] = JSON.parse(text).outputs[0].data
  if (task === 'small') return { length: first, top: second }
  return task === 'numbers' ? { count: first, last: second } : { label: first }
}
