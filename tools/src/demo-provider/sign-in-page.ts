import { demoUsers } from './demo-users.ts';

const style =
  'body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh}' +
  'main{max-width:30rem;padding:2rem}button{font:inherit;width:9rem;margin:.3rem 1rem .3rem 0;padding:.5rem}';

/** Returns the page on which one of the demo users is chosen; no password is needed. */
export function signInPage(action: string): string {
  const buttons = demoUsers.map(
    ({ id, name, description }) =>
      `<div><button name="user" value="${id}">${name}</button>${description}</div>`,
  );
  return (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Demo identity provider</title>\n' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n' +
    `<style>${style}</style>\n</head>\n<body>\n<main>\n<h1>Demo identity provider</h1>\n` +
    '<p>This page takes the place of your own provider. Choose who signs in; no password is needed.</p>\n' +
    `<form method="post" action="${action}">\n${buttons.join('\n')}\n</form>\n</main>\n</body>\n</html>\n`
  );
}
