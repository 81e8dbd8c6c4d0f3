import type { World } from './world.ts';

/**
 * Runs the controller once, as one invocation of a function does: what it throws ends with it, and a controller that died is
 * followed by a fresh one with the same ledger.
 * @returns whether it lived to the end.
 */
export async function invoke(world: World, what: string, run: () => Promise<unknown>): Promise<boolean> {
  const { mortality, record } = world;
  try {
    await run();
  } catch (error) {
    if (mortality.death === null)
      record.problem(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (mortality.death === null) return true;
  record.note(`the controller died ${mortality.death}`);
  mortality.revive();
  await world.restart();
  return false;
}
