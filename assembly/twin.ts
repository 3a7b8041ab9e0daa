/** The rule and the slot by themselves, for tests that drive them one call at a time. Nothing of this is in the package. */
export { enterRule, followPace, keptShare, meanMs, nextRows, stopMs } from './rule'
export { claim, claimedFrom, claimedTo, giveBack, measure } from './slot'
