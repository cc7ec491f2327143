import type { Ballot, RoutePersonState, Tally, Text, Vote } from '../src/api/types.ts';
import { lastVisit, t, type Instance, type Step, type Task } from './model.ts';

/** How a ballot is called: in the route, and in what happened. */
export const BALLOTS: Record<Ballot, { state: RoutePersonState; said: Text }> = {
  agree: { state: 'voted_yes', said: t('投赞成票', 'Voted for it') },
  against: { state: 'voted_no', said: t('投反对票', 'Voted against it') },
  abstain: { state: 'abstained', said: t('弃权', 'Abstained') },
};

export const isBallot = (word: unknown): word is Ballot => typeof word === 'string' && word in BALLOTS;

const votes = (instance: Instance, step: string) => lastVisit(instance, step)?.people ?? [];

/** The vote as its member sees it; everybody's ballot counts one. */
export function voteOf(instance: Instance, step: Step | undefined): Vote | undefined {
  if (!step?.vote) return undefined;
  const open = votes(instance, step.step).filter((entry) => entry.state === 'open').length;
  const rule = t('同意票超过 1/2 才通过', 'Passes with more than 1/2 of the votes');
  return { rule, weight: 1, cast: votes(instance, step.step).length - open, open, chair: [], leads: false, minutes: step.vote.minutes };
}

/** What a vote came to; none while a ballot can still change it. */
export function tallyOf(instance: Instance, task: Task): Tally | undefined {
  const people = votes(instance, task.step);
  const count = (state: RoutePersonState) => people.filter((entry) => entry.state === state).length;
  const [yes, no, abstain, open] = [count('voted_yes'), count('voted_no'), count('abstained'), count('open')];
  const passed = yes * 2 > people.length;
  if (!passed && (yes + open) * 2 > people.length) return undefined;
  return { passed, unanimous: passed && no + abstain === 0, yes, no, abstain, not_cast: open, members: people.length };
}

export function verdictOf({ passed, yes, no, abstain }: Tally): Text {
  const figures = `${yes} : ${no} : ${abstain}`;
  return passed
    ? t(`票决通过（${figures}）`, `The vote passes (${figures})`)
    : t(`票决未通过（${figures}）`, `The vote fails (${figures})`);
}
