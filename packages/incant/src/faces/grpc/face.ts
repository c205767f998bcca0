import type { Face } from '../face.ts'
import type { FaceFit, FaceSubject } from '../fit.ts'
import { loadHandler } from '../load-handler.ts'
import type { FaceRoute } from '../route.ts'
import { planModel } from '../v2/plan.ts'
import { refuse } from './refusal.ts'

const SERVICE = '/inference.GRPCInferenceService'
const HEALTH = '/grpc.health.v1.Health'

/** The method that answers with the health now and every change of it. */
export const WATCH: string = `${HEALTH}/Watch`

type Handle = FaceRoute['handle']

/** A method that every caller of the network may call, as one calls `/ready`. */
function open(path: string, handle: Handle): FaceRoute {
  return { method: 'POST', path, body: 'bytes', access: 'public', calls: false, handle }
}

/** A method for those that may call a model. */
function guarded(name: string, handle: Handle): FaceRoute {
  return { method: 'POST', path: `${SERVICE}/${name}`, body: 'bytes', calls: false, handle }
}

const loadHealth = () => import('./health.ts')
const loadServer = () => import('./describe-server.ts')

/**
 * The Open Inference Protocol over gRPC: tensors as the protocol has them over HTTP, in Protocol Buffers. Its paths are on a
 * listener to themselves, where each body, and each answer, is one message.
 *
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_grpc.md
 */
export const grpcFace: Face = {
  protocol: 'grpc',
  areas: [],
  describe,
  routes: [
    open(`${SERVICE}/ServerLive`, async () => (await loadServer()).live()),
    open(`${SERVICE}/ServerReady`, async (_exchange, models) => (await loadServer()).ready(models)),
    guarded('ServerMetadata', async () => (await loadServer()).serverMetadata()),
    guarded('ModelReady', async (exchange, models) => (await loadServer()).modelReady(exchange, models)),
    guarded('ModelMetadata', async (exchange, models) => (await loadServer()).modelMetadata(exchange, models)),
    guarded('RepositoryIndex', async (exchange, models) => (await loadServer()).repositoryIndex(exchange, models)),
    {
      ...{ method: 'POST', path: `${SERVICE}/ModelInfer`, body: 'bytes' },
      handle: loadHandler(async () => (await import('./infer.ts')).infer),
    },
    open(`${HEALTH}/Check`, async (exchange, models) => (await loadHealth()).check(exchange, models)),
    open(WATCH, async (exchange, models) => (await loadHealth()).beginWatch(exchange, models)),
  ],
  refuse,
}

/** Its operations are none of HTTP, so that no document lists them. */
function describe({ signature }: FaceSubject): FaceFit {
  const plan = planModel(signature)
  return plan.fits ? { fits: true, operations: [] } : plan
}
