const SOURCE = /\.[cm]?[jt]s$/

/** The endings of model files that need no `--runtime`: those of `MODEL_EXTENSIONS` in `incant/runtimes`, which is not loaded for this. */
const MODEL = /\.onnx$/i

/** Whether a file is code, by its name. */
export function isSourceFile(file: string): boolean {
  return SOURCE.test(file)
}

/** Whether a file is a model that a runtime of ours knows, by its name. */
export function isKnownModelFile(file: string): boolean {
  return MODEL.test(file)
}
