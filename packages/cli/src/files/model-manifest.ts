/** The file beside those of a version of a model that lists them. Its digest is the identity of the version. */
export const MANIFEST = 'incant.model.json'
