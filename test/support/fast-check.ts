import * as fc from 'fast-check';

/**
 * One seed for every run of the tests, so that a change lands or fails by what it changes. `FC_SEED=random` draws another one
 * each time: to explore with, many runs long. What that finds becomes a test of its own.
 */
const seed = process.env['FC_SEED'] ?? '20261126';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });

export { fc };
