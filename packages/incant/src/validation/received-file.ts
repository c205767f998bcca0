import type * as v from 'valibot'
import type { JSONSchema } from '../schema/json-schema.ts'
import { isInMediaRanges } from '../schema/media-range.ts'
import { accept, createSchema, refuse } from './dataset.ts'

/** A file as it came in a form. */
export interface FormFile {
  readonly name: string
  readonly mediaType: string
  /** It may be a window of a larger body. */
  readonly bytes: Uint8Array
}

const FILE_CLASSES = ['File', 'Blob', 'Uint8Array', 'ArrayBuffer', 'Buffer'] as const

/** A class of files that predict receives. */
export type FileClass = (typeof FILE_CLASSES)[number]

/** A file that has been checked, on its way to predict: it becomes what predict takes in the process that runs predict. */
export class ReceivedFile {
  readonly part: FormFile
  readonly fileClass: FileClass

  constructor(part: FormFile, fileClass: FileClass) {
    this.part = part
    this.fileClass = fileClass
  }

  /** The file in the form that predict takes, in separate memory. */
  toValue(): File | Blob | Uint8Array | ArrayBuffer {
    const { name, mediaType: type } = this.part
    const bytes = new Uint8Array(this.part.bytes)
    switch (this.fileClass) {
      case 'File':
        return new File([bytes], name, { type })
      case 'Blob':
        return new Blob([bytes], { type })
      case 'Uint8Array':
        return bytes
      case 'ArrayBuffer':
        return bytes.buffer
      case 'Buffer':
        return Buffer.from(bytes.buffer)
    }
  }
}

/** The class in which predict gets a file, where a schema is a file's. */
export function fileClassOf(schema: JSONSchema): FileClass | undefined {
  return schema.format === 'binary' ? FILE_CLASSES.find(name => name === schema['x-incant-type']) : undefined
}

/** Files of a form, of the media types that the schema names. JSON has none. */
export function compileFile(schema: JSONSchema, fileClass: FileClass): v.GenericSchema {
  const { contentMediaType } = schema
  return createSchema('file', value => {
    if (!isFormFile(value)) return refuse('must be a file')
    if (contentMediaType !== undefined && !isInMediaRanges(value.mediaType, contentMediaType)) {
      return refuse(`must be a file of type ${contentMediaType}`)
    }
    return accept(new ReceivedFile(value, fileClass))
  })
}

/** Whether a value is a file that a schema takes. */
export function isFileOf({ contentMediaType }: JSONSchema, value: unknown): boolean {
  return isFormFile(value) && (contentMediaType === undefined || isInMediaRanges(value.mediaType, contentMediaType))
}

function isFormFile(value: unknown): value is FormFile {
  return typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array
}
