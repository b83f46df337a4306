import { effectText, entryOf, type StoryRule, sourceText } from '../rule.ts';

/** An entry that posts to a virtual CPU was overwritten with another form. */
export const postedClobber: StoryRule = {
  rule: 'isolation/posted-clobber',
  holds: s => s.flight.outcome?.kind === 'remapped' && s.postedTo !== '',
  sentence: s =>
    `entry ${entryOf(s)} posts ${sourceText(s)} to ${s.postedTo}, but was overwritten with the remapped form: ${effectText(s)}`,
};
