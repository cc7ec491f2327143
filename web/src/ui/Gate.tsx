import type { ReactNode } from 'react';
import { useSwitchLanguage } from '../pages/me/account.ts';
import { useWords } from '../words/index.ts';
import '../styles/gate.css';

/** The frame of pages that are seen before log-in. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  const words = useWords();
  const { other, switchTo } = useSwitchLanguage();
  return (
    <div className="gate">
      <div className="gate-box">
        <header>
          <img src="/seal.svg" alt="" />
          <div>
            <b>{words.product}</b>
            <span>{words.slogan}</span>
          </div>
        </header>
        <main className="card">
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <button
            type="button"
            className="plain"
            lang={other === 'zh' ? 'zh-CN' : 'en'}
            onClick={() => switchTo(other)}
          >
            {words.language[other]}
          </button>
        </footer>
      </div>
    </div>
  );
}
