'use strict';
{
  const button = document.getElementById('passkey');
  const typed = document.getElementById('typed');
  const wrong = document.getElementById('passkey-wrong');
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

  const ask = async (path, body) => {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(path);
    }
    return answer.json();
  };

  const hidden = (name, value) => {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    return field;
  };

  const signIn = async () => {
    const options = await ask('/oauth/passkey/options', {});
    const publicKey = { ...options, challenge: bytes(options.challenge) };
    const { id, type, rawId, response } = await navigator.credentials.get({ publicKey });
    const credential = {
      id,
      type,
      rawId: text(rawId),
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        userHandle: response.userHandle && text(response.userHandle),
      },
      clientExtensionResults: {},
    };
    const { username, ticket } = await ask('/oauth/passkey', { credential });
    const said = document.createElement('p');
    said.textContent = 'You are signed in as ' + username + '.';
    typed.replaceChildren(said, hidden('username', username), hidden('ticket', ticket));
  };

  if (window.PublicKeyCredential) {
    button.hidden = false;
    button.addEventListener('click', () => {
      wrong.hidden = true;
      signIn().catch(() => {
        wrong.hidden = false;
      });
    });
  }
}
