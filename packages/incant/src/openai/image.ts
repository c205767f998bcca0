/**
 * A request to `/v1/images/generations`. A predictor whose `predict` takes it, or a part of it, serves that route, with
 * images in base64. `n` is done by Incant.
 *
 * @see https://platform.openai.com/docs/api-reference/images/create
 */
export interface ImageRequest {
  prompt: string
  /** The name of the model, or of an alias of it. */
  model?: string | null
  /** How many images. Incant calls predict as often. @integer @minimum 1 @maximum 10 */
  n?: number | null
  /** Width and height, such as `1024x1024`. */
  size?: string | null
  quality?: string | null
  style?: string | null
  background?: 'transparent' | 'opaque' | 'auto' | null
  output_format?: 'png' | 'jpeg' | 'webp' | null
  /** @integer @minimum 0 @maximum 100 */
  output_compression?: number | null
  response_format?: 'b64_json' | 'url' | null
  /** An identifier of the end user. */
  user?: string | null
}

/** An image: its bytes, or bytes in base64 with the prompt that it was made from. */
export type ImageResult = Uint8Array | Blob | { b64_json: string; revised_prompt?: string | null }
