import { useLanguage } from '../../words/language.ts';

/** Texts of this page alone: nobody else has to load them. */
const zh = {
  hint: '这家公司有哪些流程和规则，登录谁能看到什么，以及可以直接打开的例子。',
  logins: '登录谁，看什么',
  me: '当前',
  password: (password: string) => `密码都是 ${password}`,
  flows: '流程',
  starts: (who: string) => `发起：${who}`,
  by: (name: string) => `${name}发起`,
  noExamples: '示例里还没有这种申请',
  seeAs: (who: string) => `登录谁能看到例子：${who}`,
  policies: '政策',
  policiesHint: (n: number) => `${n} 条，金额和评分都由它们算出，依据可以展开到条款`,
  clause: (clause: string) => `条款 ${clause}`,
  accounts: '台账',
};

type Texts = typeof zh;

const en: Texts = {
  hint: 'The flows and rules of this company, who to log in as to see what, and examples to open.',
  logins: 'Who to log in as, to see what',
  me: 'you',
  password: (password) => `Everybody’s password is ${password}`,
  flows: 'Flows',
  starts: (who) => `Started by ${who}`,
  by: (name) => `by ${name}`,
  noExamples: 'There are no such requests yet',
  seeAs: (who) => `Log in as one of these to see examples: ${who}`,
  policies: 'Policies',
  policiesHint: (n) => `${n} of them compute amounts and scores; each explanation unfolds down to the clause`,
  clause: (clause) => `Clause ${clause}`,
  accounts: 'Balances',
};

export const useTexts = (): Texts => (useLanguage() === 'zh' ? zh : en);
