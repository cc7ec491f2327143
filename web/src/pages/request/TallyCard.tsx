import type { Tally, VoteResult } from '../../api/types.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import '../../styles/vote.css';

const SHARES = ['yes', 'no', 'abstain', 'not_cast'] as const satisfies (keyof Tally)[];

/** What a committee came to: the ballots by weight, and whether it passed. */
export function TallyCard({ result: { title, tally, minutes, at } }: { result: VoteResult }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  // Who was not heard any more did not agree either.
  const everybody = tally.unanimous && tally.not_cast === 0;
  const verdict = everybody ? words.vote.unanimous : tally.passed ? words.vote.passed : words.vote.failed;
  return (
    <section className="card">
      <div className="card-head">
        <h2>
          {text(title)} <span className={`pill ${tally.passed ? 'good' : 'bad'}`}>{verdict}</span>
        </h2>
        <span className="soft small tally-when">
          {words.vote.members(tally.members)} · {formats.time(at)}
        </span>
      </div>
      <div className="tally-bar" aria-hidden="true">
        {SHARES.map((share) =>
          tally[share] > 0 ? <span key={share} className={share} style={{ flexGrow: tally[share] }} /> : null,
        )}
      </div>
      <dl className="tally">
        {SHARES.map((share) => (
          <div key={share} className={share}>
            <dt>{words.vote.result[share]}</dt>
            <dd className="number">{words.vote.votes(tally[share])}</dd>
          </div>
        ))}
      </dl>
      {minutes.map(({ by, text: said }) => (
        <div key={by.id} className="minutes">
          <h3>{words.vote.minutesOf(by.name)}</h3>
          <p>{said}</p>
        </div>
      ))}
    </section>
  );
}
