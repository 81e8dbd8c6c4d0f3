import type { WarmItem } from '../core/warm-plan.ts';
import type { WarmFault } from '../core/warm-state.ts';

/** A row of a source: column → value. */
export type WarmRow = Readonly<Record<string, unknown>>;

/** Why a source has no answer, in a sentence without values or secrets. */
export interface WarmRefusal {
  readonly kind: 'fault';
  readonly fault: WarmFault;
  readonly detail: string;
}

/** Some rows, and where the next ones begin; `next: null` = these were the last. */
export type WarmPage =
  | {
      readonly kind: 'page';
      readonly rows: readonly WarmRow[];
      readonly next: string | null;
      /** Questions that it took: none where the rows were known already. */
      readonly queries: number;
    }
  | WarmRefusal;

/** The value for a row, where that takes another question. */
export type WarmValue = { readonly kind: 'value'; readonly value: unknown } | WarmRefusal;

/** Where rows come from. It never throws: a source that does not answer is a refusal. */
export interface WarmSource {
  /** Rows after a cursor, or from the beginning; a cursor outlives the process that was given it. */
  page(cursor: string | null, limit: number): Promise<WarmPage>;
  /** The value for a row; null where the row itself is the value. */
  readonly ask: ((row: WarmRow) => Promise<WarmValue>) | null;
  /** Lets its connections go. */
  close(): Promise<void>;
}

/** What a source may take, and where it is when it is not where the item says. */
export interface SourceOptions {
  readonly connections: number;
  readonly valueBytes: number;
  /** A database to ask instead: a new replica. */
  readonly host: string | null;
}

/** Opens the sources of warm plans. */
export interface WarmSources {
  /**
   * Opens the source of an item; no question is asked yet.
   * @throws ControllerError when a secret cannot be read.
   */
  open(item: WarmItem, options: SourceOptions): Promise<WarmSource>;
}
