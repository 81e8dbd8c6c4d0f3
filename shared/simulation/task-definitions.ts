import { type AccountIdentity, arnOf } from './plant-event.ts';

/** Everything that was given when a revision was registered; the account keeps it as it is. */
export type TaskSettings = Readonly<Record<string, unknown>> & {
  readonly family: string;
  readonly cpu: string;
  readonly memory: string;
};

/** A revision of a task definition. */
export interface TaskRevision {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly settings: TaskSettings;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** The task definitions of the simulated account: revisions are added and never changed. */
export class TaskDefinitions {
  readonly #identity: AccountIdentity;
  readonly #families = new Map<string, readonly TaskRevision[]>();

  constructor(identity: AccountIdentity) {
    this.#identity = identity;
  }

  /** Adds the next revision of a family. */
  register(settings: TaskSettings, tags: TaskRevision['tags'] = []): TaskRevision {
    const { family } = settings;
    const earlier = this.#families.get(family) ?? [];
    const revision = earlier.length + 1;
    const arn = arnOf(this.#identity, 'ecs', `task-definition/${family}:${revision}`);
    const added = { arn, family, revision, settings, tags };
    this.#families.set(family, [...earlier, added]);
    return added;
  }

  /** A revision by ARN or `family:revision`, or the newest one of a family; null = there is none. */
  find(name: string): TaskRevision | null {
    const [family = '', revision] = (name.split('/').at(-1) ?? '').split(':');
    const all = this.#families.get(family) ?? [];
    return (revision === undefined ? all.at(-1) : all[Number(revision) - 1]) ?? null;
  }
}
