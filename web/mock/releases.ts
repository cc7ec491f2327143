/** The releases that the stand-in shows. */
export function releases(now: Date) {
  const at = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
  return [
    { hash: '7f3a9c21d0b1', deployed_at: at(6), deployed_by: '何静', current: true, summary: '坏账申请：50,000 元以上增加副总审核' },
    { hash: '2be1f09a7714', deployed_at: at(41), deployed_by: '何静', current: false, summary: '新增差旅报销流程' },
    { hash: 'a90c55e8d3f0', deployed_at: at(92), deployed_by: '何静', current: false, summary: '首次发布' },
  ];
}
