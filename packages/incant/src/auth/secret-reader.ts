/**
 * Reads secrets that are named and not written out: `{ env: 'NAME' }`, `{ file: 'path' }`. Injected, so that nothing
 * here needs a file system: on a runtime without one, `createApp` takes another reader.
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
  /**
   * Reads a file again while the server runs, without holding up anything else: its text, or undefined where its version
   * is still this one. Absent: {@link fileVersion} and {@link file} are asked, in the way of a request.
   *
   * @throws where it cannot be read; the message is in the log, and what was read before stays.
   */
  readChanged?(path: string, version: string): Promise<{ readonly text: string; readonly version: string } | undefined>
}
