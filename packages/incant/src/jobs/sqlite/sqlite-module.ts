/** What is used of `node:sqlite`: the types of Node 20, the oldest that Incant runs on, have no such module. */
export interface SQLiteModule {
  readonly DatabaseSync: new (path: string) => SQLiteConnection
}

/** An open file. */
export interface SQLiteConnection {
  exec(statements: string): void
  prepare(statement: string): SQLiteStatement
  close(): void
}

/** A statement that was compiled once. */
export interface SQLiteStatement {
  /** @param values - By the names that the statement has for them: `$1`. */
  all(values: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[]
}

/** Loads the module. To be called where Node has it: {@link isBuiltin} of `node:module` says so. */
export async function loadSQLite(): Promise<SQLiteModule> {
  const name: string = 'node:sqlite'
  // What it exports is its documented interface.
  return (await import(name)) as SQLiteModule
}
