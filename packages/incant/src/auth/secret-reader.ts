/**
 * How secrets that are named and not written are read: `{ env: 'NAME' }`, `{ file: 'path' }`. Injected, so that nothing
 * here needs a file system: a runtime without one gives a reader of its own to `createApp`.
 */
export interface SecretReader {
  /** An environment variable. Undefined where it is not set. */
  environment(name: string): string | undefined
  /**
   * A file's text, read at once.
   *
   * @throws where it cannot be read; the message is shown to the developer.
   */
  file(path: string): string
  /**
   * Something that is another value when the file may have changed, found out cheaply. Symbolic links are followed:
   * Kubernetes replaces a mounted secret by turning one.
   */
  fileVersion(path: string): string
}
