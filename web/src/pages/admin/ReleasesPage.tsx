export function ReleasesPage() { return <p />; }
