import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { explanationQuery } from '../../api/queries.ts';
import type { Explanation, ExplanationNode } from '../../api/types.ts';
import { Await } from '../../ui/States.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

interface Context {
  explanation: Explanation;
  line: number | null;
  show: (line: number) => void;
}

/** The tree under a result: which clause, which value of which date, which line of the script made it. */
export function ExplanationView({ instance, visit }: { instance: string; visit: number }) {
  const query = useQuery(explanationQuery(instance, visit));
  return <Await query={query}>{(explanation) => <ExplanationTree explanation={explanation} />}</Await>;
}

/** An explanation that is at hand. */
export function ExplanationTree({ explanation }: { explanation: Explanation }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const [line, setLine] = useState<number | null>(null);
  const context: Context = { explanation, line, show: setLine };
  return (
    <div className="explanation">
      <p className="soft small">
        {words.policy.on(formats.date(explanation.on))} ·{' '}
        <span className="hash">{words.policy.release(explanation.release.slice(0, 10))}</span>
      </p>
      <ul className="sentences">
        {explanation.sentences.map((sentence) => (
          <li key={sentence.zh}>{text(sentence)}</li>
        ))}
      </ul>
      <ul className="tree">
        {explanation.tree.children.length > 0 ? (
          explanation.tree.children.map((node, index) => (
            // The grounds of one figure are mostly those of the next: the first is enough to begin with.
            <Branch key={`${index} ${node.label.zh}`} node={node} depth={0} unfolded={index === 0} context={context} />
          ))
        ) : (
          <Branch node={explanation.tree} depth={0} unfolded context={context} />
        )}
      </ul>
      <Script explanation={explanation} line={line} />
    </div>
  );
}

/** Parts that are named as they are called in the script. */
const SCRIPT_WORDS: ExplanationNode['kind'][] = ['helper', 'rounding'];

interface BranchProps {
  node: ExplanationNode;
  depth: number;
  unfolded: boolean;
  context: Context;
}

function Branch({ node, depth, unfolded, context }: BranchProps) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const [open, setOpen] = useState(unfolded);
  const inner = node.children.length > 0;
  const label = text(node.label);
  return (
    <li>
      <div className={depth === 0 ? 'tree-node top' : 'tree-node'}>
        {inner ? (
          <button
            type="button"
            className="plain toggle"
            aria-expanded={open}
            aria-label={`${open ? words.common.hide : words.common.show} ${label}`}
            onClick={() => setOpen(!open)}
          >
            {open ? <CaretDownOutlined /> : <CaretRightOutlined />}
          </button>
        ) : (
          <span className="toggle" />
        )}
        <div className="tree-label">
          <span>
            <span className="tree-kind">{words.policy.kinds[node.kind]}</span>{' '}
            {SCRIPT_WORDS.includes(node.kind) ? <code>{label}</code> : label}
          </span>
          <Origin node={node} context={context} />
        </div>
        {node.value === undefined ? null : (
          <span className="tree-value number">
            {formats.number(node.value)}
          </span>
        )}
      </div>
      {inner && open ? (
        <ul>
          {node.children.map((child, index) => (
            <Branch key={`${index} ${child.label.zh}`} node={child} depth={depth + 1} unfolded context={context} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

/** Where a node comes from: clause, dated value, field, line of the script. */
function Origin({ node, context }: { node: ExplanationNode; context: Context }) {
  const words = useWords();
  const formats = useFormats();
  return (
    <span className="tree-origin">
      {node.clause ? <span>{words.policy.clause(node.clause)}</span> : null}
      {node.param ? (
        <span>
          <code>{node.param.name}</code> {words.policy.from(formats.date(node.param.from))}{' '}
          {node.param.status === 'assumed' ? <span className="pill warning">{words.policy.assumed}</span> : null}
        </span>
      ) : null}
      {node.source ? <span>{node.source}</span> : null}
      {node.line === undefined ? null : (
        <button
          type="button"
          className="plain link"
          aria-pressed={context.line === node.line}
          onClick={() => context.show(node.line ?? 1)}
        >
          {words.policy.line(node.line)}
        </button>
      )}
    </span>
  );
}

/** The script, with the line that was asked for. */
function Script({ explanation, line }: { explanation: Explanation; line: number | null }) {
  const words = useWords();
  const shown = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (line !== null) shown.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [line]);
  const lines = explanation.script.source.replace(/\n$/, '').split('\n');
  return (
    <details className="script" open={line !== null}>
      <summary>
        {words.policy.script} <code>{explanation.script.path}</code>
      </summary>
      {/* It scrolls: by keyboard it must be reached first. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ol tabIndex={0} aria-label={words.policy.script}>
        {lines.map((source, index) => (
          <li
            key={`${index} ${source}`}
            ref={line === index + 1 ? shown : null}
            className={line === index + 1 ? 'lit' : ''}
            aria-current={line === index + 1 ? 'true' : undefined}
          >
            <code>{source || ' '}</code>
          </li>
        ))}
      </ol>
    </details>
  );
}
