import { ExclamationCircleOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useProblemText } from '../../ui/States.tsx';
import { useAboutWords } from '../../words/about.ts';
import '../../styles/record.css';

/** A record that nothing can be started about any more, or never could, and where to go from there. */
export function RecordRefused({ flow, error }: { flow: string; error: unknown }) {
  const words = useAboutWords();
  const problem = useProblemText();
  const navigate = useNavigate();
  return (
    <div className="card empty" role="alert">
      <span className="mark">
        <ExclamationCircleOutlined />
      </span>
      <h1>{words.refused}</h1>
      <span>{problem(error)}</span>
      <div className="row record-ways">
        <Button onClick={() => void navigate({ to: '/requests', search: { flow } })}>{words.mine}</Button>
        <Button type="primary" onClick={() => void navigate({ to: '/start/$flow', params: { flow }, search: {} })}>
          {words.choice}
        </Button>
      </div>
    </div>
  );
}
