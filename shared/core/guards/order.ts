import { bounds } from './bounds.ts';
import { changeBudget } from './change-budget.ts';
import { cooldownIn, cooldownOut } from './cooldown.ts';
import { deployment } from './deployment.ts';
import { failedRecently } from './failed-recently.ts';
import { frozen } from './frozen.ts';
import type { Guard } from './guard.ts';
import { halfBlind } from './half-blind.ts';
import { incident } from './incident.ts';
import { limits } from './limits.ts';
import { maintenance } from './maintenance.ts';
import { oneStep } from './one-step.ts';
import { ownedElsewhere } from './owned-elsewhere.ts';
import { paused } from './paused.ts';
import { pinned } from './pinned.ts';
import { quota } from './quota.ts';
import { rate } from './rate.ts';
import { recovering } from './recovering.ts';
import { resizeInFlight } from './resize-in-flight.ts';
import { stabilization } from './stabilization.ts';
import { wouldFlap } from './would-flap.ts';

/** Every guard, in the order in which a wish meets them. The first hold ends the matter. */
export const GUARDS: readonly Guard[] = [
  pinned, // an operator's word stands above automation
  ownedElsewhere, // two autoscalers on one size fight without end
  halfBlind, // what cannot be seen must not be cut
  recovering, // what has just come back must prove itself
  stabilization, // history before rate, as autoscaling/v2 does
  rate, // how far one step may go
  oneStep, // a ladder is climbed rung by rung
  incident, // a load that collapsed is held, then given back in steps
  bounds, // never below min, never above max
  wouldFlap, // judged on the size that is left
  paused, // judged on the wish that is left, so that the direction is the real one
  frozen, // an operator or a window lets everything rest
  maintenance, // what interrupts its users waits for its window
  resizeInFlight, // one resize at a time
  limits, // what the service, its data and the other tiers allow
  failedRecently, // do not hammer a resource that refuses
  deployment, // no scale-in while old and new run side by side
  cooldownOut, // let the last scale-out show its effect
  cooldownIn, // let any resize show its effect before cutting
  quota, // what all targets reserve; judged on what would really be done
  changeBudget, // how much all targets may change; the last, so that it counts no more than happens
];
