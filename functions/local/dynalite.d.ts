declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** The part of dynalite's options that we set; all times in milliseconds. */
  interface DynaliteOptions {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** An embedded DynamoDB as an HTTP server that does not listen yet. */
  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}
