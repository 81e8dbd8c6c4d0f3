import type { ConnectionBudget } from '../application.ts';
import type { SizeLimit } from '../capacity.ts';
import type { ApplicationView } from './tier-view.ts';
import { goalOf, movesOf, type TierView, tierOf, unitOf, units } from './tier-view.ts';

type Client = ConnectionBudget['clients'][number];
type Database = ConnectionBudget['databases'][number];

/** Shares are decimal fractions, and 0.7 × 10 is a little less than 7 in binary. */
const ROUNDING = 1e-9;

/** Connections that one unit of a client may hold while a deployment rolls. */
const each = ({ poolSize, deploymentFactor }: Client): number => poolSize * deploymentFactor;

/**
 * The units that a client may have now: while its size changes, the larger of both. One that cannot be seen counts with what
 * its head says, and with its maximum where there is none: a budget that rests on a guess would be none.
 */
export const clientUnits = (view: TierView): number => knownUnits(view) ?? view.policy.bounds.max;

function knownUnits(view: TierView): number | null {
  const known = [goalOf(view), view.state?.size ?? null].filter((size) => size !== null);
  if (known.length === 0) return null;
  return Math.max(...known, ...movesOf(view).flatMap(({ from, to }) => [from, to]));
}

/** Connections of a client at a size; tasks that still drain hold theirs, too. */
function connections(view: TierView, client: Client, size = clientUnits(view)): number {
  const running = view.seen.kind === 'present' ? view.seen.capacity.running : 0;
  return Math.max(size * each(client), running * client.poolSize);
}

/** The nodes of a database tier that are ready and will stay: what is on its way out counts no more. */
export function usableNodes(view: TierView): number {
  if (view.seen.kind === 'unseen') return 0;
  const { ready, desired } = view.seen.capacity;
  const known = view.state?.size ?? desired;
  return Math.max(0, Math.min(ready, desired, known, ...movesOf(view).map(({ to }) => to)));
}

/** A budget as it stands, for the sentence and the arithmetic. */
export interface BudgetState {
  readonly used: number;
  readonly allowed: number;
  readonly clients: readonly {
    readonly client: Client;
    readonly view: TierView;
    readonly connections: number;
  }[];
  readonly databases: readonly {
    readonly database: Database;
    readonly view: TierView | null;
    readonly nodes: number;
  }[];
}

/** The budget with what every tier has now. */
export function budgetState(application: ApplicationView, budget: ConnectionBudget): BudgetState {
  const clients = budget.clients.map((client) => {
    const view = tierOf(application, client.tier);
    return { client, view, connections: connections(view, client) };
  });
  const databases = budget.databases.map((database) => {
    const view = database.tier === null ? null : tierOf(application, database.tier);
    return { database, view, nodes: database.fixedNodes + (view === null ? 0 : usableNodes(view)) };
  });
  return {
    clients,
    databases,
    used: clients.reduce((sum, client) => sum + client.connections, 0),
    allowed: allowedBy(databases, budget.share),
  };
}

const allowedBy = (
  databases: readonly { readonly database: Database; readonly nodes: number }[],
  share: number,
): number => databases.reduce((sum, { database, nodes }) => sum + nodes * database.maxConnections, 0) * share;

/** How many units of a client fit into so many connections beside the other clients. */
const fitting = (client: Client, others: number, allowed: number): number =>
  Math.floor(Math.max(0, allowed - others) / each(client) + ROUNDING);

/** How large a client may become with the nodes that are ready now; null for a tier that opens no connection. */
export function clientLimit(
  application: ApplicationView,
  budget: ConnectionBudget,
  name: string,
): SizeLimit | null {
  const state = budgetState(application, budget);
  const own = state.clients.find(({ client }) => client.tier === name);
  if (own === undefined) return null;
  const others = state.used - own.connections;
  const limit = { direction: 'out', reason: 'connection-budget' } as const;
  const blind = unseenOf(state, name);
  if (blind !== null) {
    return { ...limit, size: clientUnits(own.view), detail: `${blind}, so no connection is added.` };
  }
  const size = fitting(own.client, others, state.allowed);
  const more = moreNodes(state, own.client, others, budget.share);
  return { ...limit, size, detail: `${arithmetic(own, size, others, state, budget.share)}; ${more}.` };
}

/** The most units that a client could ever have beside the others as they are: with every database at its maximum. */
export function clientReach(application: ApplicationView, budget: ConnectionBudget, name: string): number {
  const state = budgetState(application, budget);
  const own = state.clients.find(({ client }) => client.tier === name);
  if (own === undefined) return Number.POSITIVE_INFINITY;
  const databases = state.databases.map(({ database, view, nodes }) => ({
    database,
    nodes: view === null ? nodes : database.fixedNodes + view.policy.bounds.max,
  }));
  return fitting(own.client, state.used - own.connections, allowedBy(databases, budget.share));
}

function unseenOf({ clients, databases }: BudgetState, except: string): string | null {
  const views = [...databases, ...clients].flatMap(({ view }) => view ?? []);
  for (const { tier, seen } of views) {
    if (seen.kind === 'unseen' && tier.name !== except) return `${tier.name} cannot be seen (${seen.detail})`;
  }
  return null;
}

function arithmetic(
  { client, view }: BudgetState['clients'][number],
  size: number,
  others: number,
  { databases, allowed }: BudgetState,
  share: number,
): string {
  const own = `${units(view, size)} × ${client.poolSize} × ${client.deploymentFactor} = ${round(size * each(client))}`;
  const beside = others > 0 ? ` and ${round(others)} of other tiers` : '';
  const nodes = databases.map(({ nodes: count, database }) => `${count} × ${database.maxConnections}`);
  const all = nodes.length === 1 ? nodes.join('') : `(${nodes.join(' + ')})`;
  return `${own}${beside} of ${all} × ${share} = ${round(allowed)} connections`;
}

/** A number as sentences show it. */
const round = (value: number): number => Math.round(value * 100) / 100;

/** What the next node would allow, of the first database that may still grow. */
function moreNodes(
  { databases, allowed }: BudgetState,
  client: Client,
  others: number,
  share: number,
): string {
  const scaled = databases.flatMap(({ view, ...rest }) => (view === null ? [] : [{ ...rest, view }]));
  const next = scaled.find(({ view }) => usableNodes(view) < view.policy.bounds.max);
  if (next !== undefined) {
    const size = fitting(client, others, allowed + next.database.maxConnections * share);
    return `one more ${unitOf(next.view.policy, 1)} of ${next.view.tier.name} allows ${size}`;
  }
  const [first] = scaled;
  return first === undefined
    ? 'no policy scales the database'
    : `${first.view.tier.name} is at its maximum of ${units(first.view, first.view.policy.bounds.max)}`;
}

/** What a database tier must have. */
export interface NodeNeed {
  /** Nodes, beside the fixed ones. */
  readonly nodes: number;
  readonly detail: string;
}

/**
 * The nodes that a database tier needs for what the clients have and want: as many as are missing when every scaled database
 * has its minimum, the first one first. A client of which nothing is known has its minimum here: nodes are not made on a guess, and
 * none goes while it cannot be seen. Null for a tier that is no database of the budget.
 */
export function nodesNeeded(
  application: ApplicationView,
  budget: ConnectionBudget,
  name: string,
  wishOf: (view: TierView) => number,
): NodeNeed | null {
  const { clients, databases } = budgetState(application, budget);
  const wanted = clients.map(({ client, view }) => ({
    client,
    size: Math.max(knownUnits(view) ?? view.policy.bounds.min, wishOf(view)),
    view,
  }));
  const load = wanted.reduce((sum, { client, view, size }) => sum + connections(view, client, size), 0);
  const least = databases.map(({ database, view }) => ({
    database,
    view,
    nodes: database.fixedNodes + (view?.policy.bounds.min ?? 0),
  }));
  let missing = load / budget.share - allowedBy(least, 1);
  for (const { database, view } of least) {
    if (view === null) continue;
    const { min, max } = view.policy.bounds;
    const more = Math.max(0, Math.ceil(missing / database.maxConnections - ROUNDING));
    const nodes = Math.min(max, min + more);
    if (database.tier === name) return { nodes, detail: needed(wanted, load, nodes, database, budget.share) };
    missing -= (nodes - min) * database.maxConnections;
  }
  return null;
}

function needed(
  wanted: readonly { readonly client: Client; readonly size: number; readonly view: TierView }[],
  load: number,
  nodes: number,
  { fixedNodes, maxConnections }: Database,
  share: number,
): string {
  const parts = wanted.map(
    ({ client, size, view }) => `${units(view, size)} × ${client.poolSize} × ${client.deploymentFactor}`,
  );
  const all = fixedNodes > 0 ? `(${nodes} + ${fixedNodes})` : String(nodes);
  const total = round((nodes + fixedNodes) * maxConnections * share);
  return `${parts.join(' + ')} need ${round(load)} connections, and ${all} × ${maxConnections} × ${share} = ${total}`;
}

/** How small a database may become: what clients have and want must fit, and the node that goes may be one that is ready. */
export function databaseLimit(
  application: ApplicationView,
  budget: ConnectionBudget,
  view: TierView,
  wishOf: (view: TierView) => number,
): SizeLimit | null {
  const need = nodesNeeded(application, budget, view.tier.name, wishOf);
  if (need === null) return null;
  const limit = { direction: 'in', reason: 'connection-budget' } as const;
  const size = goalOf(view) ?? view.policy.bounds.max;
  const blind = unseenOf(budgetState(application, budget), view.tier.name);
  if (blind !== null) return { ...limit, size, detail: `${blind}, so no connection is taken away.` };
  const unready = Math.max(0, size - usableNodes(view));
  const waits =
    unready > 0 ? `, while ${units(view, unready)} ${unready === 1 ? 'is' : 'are'} not ready` : '';
  return { ...limit, size: need.nodes + unready, detail: `${need.detail}${waits}.` };
}
