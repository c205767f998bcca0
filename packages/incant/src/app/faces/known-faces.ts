import type { Face } from '../../faces/face.ts'
import { mcpFace } from '../../faces/mcp/face.ts'
import { openAIFace } from '../../faces/openai/face.ts'
import { predictionsFace } from '../../faces/predictions/face.ts'
import { v1Face } from '../../faces/v1/face.ts'
import { v2Face } from '../../faces/v2/face.ts'

/** Every protocol that a server can speak beside `/predict`. Where two have a route of the same path, the first one has it. */
export const KNOWN_FACES: readonly Face[] = [openAIFace, v1Face, v2Face, mcpFace, predictionsFace]
