export function StartPage() { return <p />; }
