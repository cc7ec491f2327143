// Who plays which part. The real server's stories name their own people in a file: ZHUPI_ACCOUNTS=accounts.json.
import { readFileSync } from 'node:fs';

const PASSWORD = 'zhupi-demo-password';
const person = (company, login, name) => ({ company, login, name, password: PASSWORD });

const standIn = {
  pharma: {
    salesperson: person('pharma', 'zhou', '周敏'),
    'sales-head': person('pharma', 'li', '李建国'),
    'general-manager': person('pharma', 'wang', '王志远'),
    'deputy-gm': person('pharma', 'zhao', '赵德海'),
    finance: person('pharma', 'chen', '陈慧'),
    'finance-2': person('pharma', 'huang', '黄海燕'),
    admin: person('pharma', 'admin', '何静'),
  },
  hospital: {
    staff: person('hospital', 'gao', '高翔'),
    manager: person('hospital', 'he', '何晓东'),
    'general-manager': person('hospital', 'qian', '钱立诚'),
    hr: person('hospital', 'wu', '吴敏'),
  },
};

const accounts = process.env.ZHUPI_ACCOUNTS ? JSON.parse(readFileSync(process.env.ZHUPI_ACCOUNTS, 'utf8')) : standIn;

/** Who plays a part. Where several can, they take turns, so that no run finds the records of another's person. */
export function accountOf(company, role, turn = 0) {
  const players = [accounts[company][role]].flat();
  return players[turn % players.length];
}
