/** How a program says the types of a predictor that it imports. */
export const TYPES_ADVICE: string =
  'Load the file with loadPredictor of @incant/cli, or pass the signature that incant inspect --json prints; ' +
  'unchecked: true says that this is meant.'
