import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChoices, sameAnswers } from '../../src/engine/choice.ts';
import { drawBelow, drawWord, type RandomStreams } from '../../src/engine/random.ts';

/** A program as a tree: how many ways there are, and what is asked next on each of them. */
interface Question {
  readonly ways: readonly (Question | null)[];
}

const { question } = fc.letrec<{ question: Question }>(tie => ({
  question: fc.record({
    ways: fc.array(
      fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant(null), tie('question')),
      { minLength: 1, maxLength: 3 },
    ),
  }),
}));

/** Every sequence of answers a program can get, in lexicographic order. */
function sequences({ ways }: Question): number[][] {
  return ways.flatMap((next, i) => (next ? sequences(next).map(rest => [i, ...rest]) : [[i]]));
}

/** Answers a program gets from a door. */
function ask(first: Question, pick: (n: number, label: string) => number): number[] {
  const answers: number[] = [];
  for (let at: Question | null = first; at; at = at.ways[answers[answers.length - 1]])
    answers.push(pick(at.ways.length, 'way'));
  return answers;
}

describe('the choice door', () => {
  test('gives every sequence of answers once, in order', () => {
    fc.assert(
      fc.property(question, first => {
        const choices = createChoices();
        const all: number[][] = [];
        do {
          all.push(ask(first, choices.pick));
          expect(choices.taken()).toEqual(all[all.length - 1]);
        } while (choices.advance());
        expect(all).toEqual(sequences(first));
      }),
    );
  });

  test('keeps answers that are pinned', () => {
    fc.assert(
      fc.property(question, fc.nat(), (first, which) => {
        const all = sequences(first);
        const pinned = all[which % all.length].slice(0, 2);
        const choices = createChoices(pinned);
        const got: number[][] = [];
        do got.push(ask(first, choices.pick));
        while (choices.advance());
        expect(got).toEqual(all.filter(one => pinned.every((answer, i) => one[i] === answer)));
      }),
    );
  });

  test('gives answers again', () => {
    fc.assert(
      fc.property(question, fc.nat(), (first, which) => {
        const all = sequences(first);
        const answers = all[which % all.length];
        expect(ask(first, sameAnswers(answers))).toEqual(answers);
      }),
    );
  });

  test('refuses what cannot be answered', () => {
    expect(() => createChoices().pick(0, 'nothing')).toThrow(RangeError);
    expect(() => createChoices([2]).pick(2, 'two')).toThrow(RangeError);
  });
});

describe('named random streams', () => {
  const words = (streams: RandomStreams, name: string, seed = 7): number[] =>
    Array.from({ length: 8 }, () => drawWord(streams, seed, name));

  test('do not shift one another', () => {
    const alone = words({}, 'jitter/nic0');
    const streams: RandomStreams = {};
    const mixed = Array.from({ length: 8 }, () => {
      drawWord(streams, 7, 'jitter/nic1');
      return drawWord(streams, 7, 'jitter/nic0');
    });
    expect(mixed).toEqual(alone);
  });

  test('differ by name and by seed, and go on from what was saved', () => {
    const streams: RandomStreams = {};
    const first = words(streams, 'a');
    expect(words({}, 'b')).not.toEqual(first);
    expect(words({}, 'a', 8)).not.toEqual(first);
    const saved: RandomStreams = JSON.parse(JSON.stringify(streams));
    expect(words(saved, 'a')).toEqual(words(streams, 'a'));
  });

  test('draw numbers below a limit, each about as often', () => {
    const streams: RandomStreams = {};
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[drawBelow(streams, 1, 'die', 6)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
