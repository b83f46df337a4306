/** Name that what a learner writes goes by in problems. */
export const ATTEMPT_FILE = 'your change';
