import { fileURLToPath } from 'node:url'
import { Client, credentials, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

const proto = fileURLToPath(new URL('../../../packages/incant/proto/inference.proto', import.meta.url))
const { ModelInfer } = loadSync(proto)['inference.GRPCInferenceService']

/**
 * Calls the model `pause`.
 *
 * @returns {Promise<string>} the name of the status
 */
export function callPause(address, milliseconds) {
  const client = new Client(address, credentials.createInsecure())
  const request = {
    modelName: 'pause',
    inputs: [{ name: 'milliseconds', datatype: 'FP32', shape: [1], contents: { fp32Contents: [milliseconds] } }],
  }
  return new Promise(resolve => {
    const { path, requestSerialize, responseDeserialize } = ModelInfer
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, error => {
      client.close()
      resolve(status[error?.code ?? 0])
    })
  })
}
