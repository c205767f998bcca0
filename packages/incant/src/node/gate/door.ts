/** A listening server, as shutdown sees it. */
export interface Door {
  /**
   * Every answer is the last one of its connection from now on. A socket that a service manager keeps takes no connection any more:
   * they wait in it for the next process.
   */
  drain(): void
  /** Takes no new connection. Settles when the last one is gone: idle ones go at once, the others with what they owe. */
  stopListening(): Promise<void>
  /** Ends every connection at once. */
  disconnect(): void
}
