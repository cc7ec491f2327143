import { LeftOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useState, type FormEvent } from 'react';
import { keys } from '../../api/keys.ts';
import type { NewPilot, PilotChoices, PilotPolicy } from '../../api/pilot-types.ts';
import { pilotChoicesQuery, runPilot } from '../../api/pilots.ts';
import { Problem } from '../../api/problem.ts';
import { useWrite } from '../../api/use-write.ts';
import { CsvField } from '../../ui/CsvField.tsx';
import { Field } from '../../ui/Field.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Await, Empty } from '../../ui/States.tsx';
import { useText, useWords } from '../../words/index.ts';
import '../../styles/pilot.css';

/** Chooses what is compared over which data, and runs it. */
export function NewPilotPage() {
  const words = useWords();
  const query = useQuery(pilotChoicesQuery);
  return (
    <div className="page narrow">
      <p className="small">
        <Link to="/admin/pilots">
          <LeftOutlined /> {words.pilot.toList}
        </Link>
      </p>
      <div className="page-head">
        <h1>{words.pilot.new}</h1>
      </div>
      <Await query={query}>
        {(choices) => (choices.policies.length === 0 ? <Empty title={words.pilot.noPolicies} /> : <Form choices={choices} />)}
      </Await>
    </div>
  );
}

function Form({ choices }: { choices: PilotChoices }) {
  const words = useWords();
  const text = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState(choices.policies[0]?.name ?? '');
  const [candidate, setCandidate] = useState<string | undefined>(choices.releases.find((release) => !release.current)?.hash);
  const [asOf, setAsOf] = useState('');
  const [rows, setRows] = useState('');
  const [facts, setFacts] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const write = useWrite(runPilot, {
    success: (pilot) => {
      void client.invalidateQueries({ queryKey: keys.pilotList });
      void navigate({ to: '/admin/pilots/$id', params: { id: pilot.id }, search: {} });
    },
  });
  const policy = choices.policies.find((one) => one.name === name);
  const kinds = factKinds(policy);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!candidate || rows.trim() === '') return;
    const given = kinds.filter((kind) => (facts[kind] ?? '').trim() !== '');
    const body: NewPilot = {
      policy: name,
      candidate: { release: candidate },
      ...(asOf ? { as_of: asOf } : {}),
      rows: { csv: rows },
      facts: Object.fromEntries(given.map((kind) => [kind, { csv: facts[kind] ?? '' }])),
    };
    write.once(body);
  };
  return (
    <form className="card stack pilot-form" onSubmit={send} noValidate>
      <Field label={words.pilot.policy} required>
        {(control) => (
          <Select
            {...control}
            value={name}
            onChange={setName}
            showSearch={{ optionFilterProp: 'label' }}
            options={choices.policies.map((one) => ({ value: one.name, label: `${text(one.title)} ${one.name}` }))}
          />
        )}
      </Field>
      <Field
        label={words.pilot.candidate}
        required
        hint={words.pilot.candidateHint}
        error={tried && !candidate ? words.pilot.missing : undefined}
      >
        {(control) => (
          <Select
            {...control}
            {...(candidate === undefined ? {} : { value: candidate })}
            placeholder={words.form.choose}
            onChange={setCandidate}
            options={choices.releases.map((release) => ({
              value: release.hash,
              label: `${release.hash.slice(0, 10)} ${release.summary}${release.current ? words.common.paren(words.admin.current) : ''}`,
            }))}
          />
        )}
      </Field>
      <Field label={words.pilot.asOf} hint={words.pilot.asOfHint}>
        {(control) => <Input {...control} type="date" value={asOf} onChange={(event) => setAsOf(event.target.value)} />}
      </Field>
      {policy ? <Columns policy={policy} /> : null}
      <CsvField
        label={words.pilot.rows}
        hint={words.pilot.rowsHint}
        value={rows}
        change={setRows}
        required
        error={tried && rows.trim() === '' ? words.pilot.missing : undefined}
      />
      {kinds.map((kind) => (
        <CsvField
          key={kind}
          label={words.pilot.facts(kind)}
          hint={words.pilot.factsHint}
          value={facts[kind] ?? ''}
          change={(value) => setFacts((before) => ({ ...before, [kind]: value }))}
        />
      ))}
      <Mistakes error={write.error} />
      <div>
        <Button type="primary" htmlType="submit" loading={write.isPending}>
          {words.pilot.run}
        </Button>
      </div>
    </form>
  );
}

/** The kinds of facts that a policy looks things up in. */
function factKinds(policy: PilotPolicy | undefined): string[] {
  const kinds = (policy?.inputs ?? []).flatMap(({ from }) => (from?.startsWith('fact:') ? [from.slice('fact:'.length)] : []));
  return [...new Set(kinds)];
}

/** What the head line may name. */
function Columns({ policy }: { policy: PilotPolicy }) {
  const words = useWords();
  const text = useText();
  return (
    <div className="field">
      <div className="label" id="pilot-columns">
        {words.pilot.columns}
      </div>
      <ul className="columns" aria-labelledby="pilot-columns">
        {policy.inputs.map((input) => (
          <li key={input.name}>
            <code>{input.name}</code> {text(input.title) === input.name ? null : text(input.title)}{' '}
            <span className="soft small">
              {[input.type, input.from, input.required ? words.pilot.required : undefined].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
        <li className="soft small">
          <code>payee</code> <code>subject</code> <code>period</code> <code>as_of</code>
        </li>
      </ul>
    </div>
  );
}

/** What is wrong with the data, place by place; any other refusal in one sentence. */
function Mistakes({ error }: { error: unknown }) {
  const words = useWords();
  if (!(error instanceof Problem) || error.errors.length === 0) return <Refused error={error} />;
  return (
    <div className="notice bad" role="alert">
      <div>
        <strong>{words.pilot.mend}</strong>
        <ul className="mistakes">
          {error.errors.map((mistake) => (
            <li key={`${mistake.pointer} ${mistake.message}`}>
              <code>{mistake.pointer}</code> {mistake.message}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
