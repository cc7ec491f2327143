import type { ParkedMessage } from '../src/api/admin-types.ts';
import type { Draft, JsonObject, Language, StoredFile, Text } from '../src/api/types.ts';
import { Engine } from './engine.ts';
import { hospital } from './hospital.ts';
import type { Company, Instance, MockPerson } from './model.ts';
import { pharma } from './pharma.ts';

const HOUR_MS = 3_600_000;

/** Everything the stand-in remembers: two companies and what has happened in them. */
export class World {
  readonly companies: Company[] = [pharma, hospital];
  readonly engines = new Map<string, Engine>();
  readonly instances: Instance[] = [];
  readonly drafts = new Map<string, Draft>();
  readonly sessions = new Map<string, { company: string; person: string }>();
  readonly languages = new Map<string, Language>();
  /** By company and person. */
  readonly substitutes = new Map<string, object[]>();
  readonly files = new Map<string, StoredFile & { bytes: Uint8Array<ArrayBuffer> }>();
  readonly people = new Map<string, MockPerson[]>();
  readonly answered = new Map<string, { status: number; body: string; headers: [string, string][] }>();
  /** What was given up on. */
  parked: ParkedMessage[] = [];
  failedLogins = 0;

  constructor(readonly now: () => Date) {
    for (const [id, name, size] of [
      ['f-1', '拜访记录-202610.pdf', 284_312],
      ['f-2', '催收函.jpg', 1_830_211],
      ['f-3', '发票汇总.pdf', 96_400],
    ] as const) {
      this.files.set(id, { id, name, size, media_type: 'application/pdf', sha256: '0'.repeat(64), bytes: new Uint8Array(8) });
    }
    for (const company of this.companies) this.settle(company);
    this.parked.push({
      id: 'm-1',
      what: { zh: '邮件通知没有送达', en: 'A notice by mail was not delivered' },
      number: 'HZ-202611-0003',
      attempts: 12,
      last_error: 'permanent error (550): mailbox unavailable',
      last_tried_at: new Date(now().getTime() - 3 * HOUR_MS).toISOString(),
    });
  }

  company(id: string): Company | undefined {
    return this.companies.find((company) => company.id === id);
  }

  engine(company: string): Engine {
    const engine = this.engines.get(company);
    if (!engine) throw new Error(`no company ${company}`);
    return engine;
  }

  start(company: Company, flowName: string, by: string, form: JsonObject, period: string | undefined, at: string): Instance {
    const engine = this.engine(company.id);
    const flow = engine.flow(flowName);
    const sequence = this.instances.filter((instance) => instance.flow === flowName).length + 1;
    const instance: Instance = {
      id: `${company.id}-${flowName}-${sequence}`,
      number: flow.number(sequence),
      flow: flowName,
      company: company.id,
      status: 'running',
      initiator: by,
      started_at: at,
      form,
      version: 1,
      visits: [],
      tasks: [],
      results: [],
      explanations: {},
      timeline: [],
      incidents: [],
      copies: [],
      ...(period ? { period } : {}),
    };
    this.instances.push(instance);
    engine.start(instance, at);
    return instance;
  }

  /** Lets the past of a company happen. */
  private settle(company: Company): void {
    this.engines.set(company.id, new Engine(company));
    let at = this.now();
    company.seed({
      at: (hoursAgo) => {
        at = new Date(this.now().getTime() - hoursAgo * HOUR_MS);
      },
      start: (flow, by, form, period) => this.start(company, flow, by, form, period, at.toISOString()),
      act: (instance, by, action, body = {}) => {
        const task = instance.tasks.find((candidate) => candidate.person === by && !candidate.closed_at);
        if (!task) throw new Error(`${by} has nothing to do on ${instance.number}`);
        this.engine(company.id).act(instance, task, action, body, at.toISOString());
      },
      comment: (instance, by, text) => this.engine(company.id).comment(instance, by, text, at.toISOString()),
    });
    if (company.id === 'pharma') this.trouble();
  }

  /** One incident, so that its screens can be seen. */
  private trouble(): void {
    const stuck = this.instances.find((instance) => instance.form['customer_no'] === 'K-0008');
    const text: Text = {
      zh: '参数 bad-debt-rate 在 2027-01-01 之后没有值',
      en: 'The parameter bad-debt-rate has no value after 2027-01-01',
    };
    stuck?.incidents.push({
      incident: 1,
      step_title: { zh: '计算提成扣减', en: 'Compute the deduction' },
      text,
      opened_at: this.now().toISOString(),
      can_retry: true,
    });
  }
}
