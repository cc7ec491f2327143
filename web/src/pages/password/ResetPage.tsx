export function ResetPage() { return <p />; }
