import { Button, Radio } from 'antd';
import { useState, type ReactNode } from 'react';
import { hasCode } from '../../api/problem.ts';
import type { Ballot, Vote } from '../../api/types.ts';
import { CommentField } from '../../ui/Comment.tsx';
import { Field } from '../../ui/Field.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { useText, useWords } from '../../words/index.ts';
import { BarError } from './ActionBar.tsx';
import { useAct, type ActProps } from './use-act.ts';
import '../../styles/vote.css';

interface Props extends ActProps {
  vote: Vote;
  comment: string;
  setComment: (text: string) => void;
  minutes: string;
  setMinutes: (text: string) => void;
  status: ReactNode;
}

const BALLOTS: Ballot[] = ['agree', 'against', 'abstain'];

/** The bar of a committee's member: where the vote stands, and three ways to cast a ballot, which asks once more. */
export function VoteBar(props: Props) {
  const { task, vote, comment, setComment, minutes, setMinutes, status } = props;
  const words = useWords();
  const text = useText();
  const [ballot, setBallot] = useState<Ballot | null>(null);
  const { write, error } = useAct(props, () => setBallot(null));
  const ask = (chosen: Ballot) => {
    if (!write.isPending) setBallot(chosen);
  };
  useKeys({ a: () => ask('agree'), r: () => ask('against'), n: () => ask('abstain') });
  // Where somebody chairs, the minutes are theirs to write.
  const writes = vote.minutes && (vote.leads || vote.chair.length === 0);
  const needsMinutes = hasCode(error, 'minutes_required');
  const cast = () => {
    if (!ballot) return;
    write.once({
      action: 'vote',
      version: task.version,
      ballot,
      comment: comment.trim() || undefined,
      minutes: (writes && minutes.trim()) || undefined,
    });
  };
  return (
    <div className="action-bar" role="region" aria-label={words.act.bar}>
      <BarError error={ballot === null ? error : null} />
      <div className="action-line vote-line">
        <p className="vote-stand">
          <strong>{text(vote.rule)}</strong>
          <span className="soft small">
            {[
              words.vote.cast(vote.cast),
              words.vote.open(vote.open),
              ...(vote.leads ? [words.vote.leads] : vote.chair.length > 0 ? [words.vote.chair(vote.chair.map((person) => person.name).join(words.common.join))] : []),
              ...(vote.weight > 1 ? [words.vote.weight(vote.weight)] : []),
            ].join(words.common.apart)}
          </span>
        </p>
        <div className="action-buttons ballots">
          {BALLOTS.map((choice) => (
            <Button
              key={choice}
              {...(choice === 'agree' ? { type: 'primary' as const } : {})}
              danger={choice === 'against'}
              disabled={write.isPending}
              onClick={() => ask(choice)}
            >
              {words.vote.ballot[choice]}
            </Button>
          ))}
        </div>
      </div>
      {status}
      <Sheet
        title={words.vote.ask}
        open={ballot !== null}
        close={() => {
          setBallot(null);
          write.reset();
        }}
        confirm={{
          label:
            ballot === 'abstain' ? words.vote.confirmAbstain : words.vote.confirm(words.vote.ballot[ballot ?? 'agree']),
          run: cast,
          busy: write.isPending,
          danger: ballot === 'against',
        }}
      >
        <div className="stack">
          <Field label={words.vote.choice} hint={words.vote.final} group>
            {() => (
              <Radio.Group
                className="ballot-choice"
                optionType="button"
                value={ballot}
                onChange={(event) => setBallot(BALLOTS.find((choice) => choice === event.target.value) ?? null)}
                options={BALLOTS.map((choice) => ({ value: choice, label: words.vote.ballot[choice] }))}
              />
            )}
          </Field>
          {writes ? (
            <CommentField
              label={words.vote.minutes}
              value={minutes}
              change={setMinutes}
              hint={words.vote.minutesHint}
              required={needsMinutes}
              error={needsMinutes && minutes.trim() === '' ? words.vote.minutesMissing : undefined}
            />
          ) : null}
          <CommentField
            label={words.vote.comment}
            value={comment}
            change={setComment}
            placeholder={words.vote.commentPlaceholder}
          />
          <Refused error={needsMinutes ? null : error} />
        </div>
      </Sheet>
    </div>
  );
}
