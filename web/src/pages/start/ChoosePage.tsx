export function ChoosePage() { return <p />; }
