// Verifies a delivery with npm's `standardwebhooks` and `svix`. On standard input: {"secret", "headers", "body"}.
const { Webhook: Standard } = require("standardwebhooks");
const { Webhook: Svix } = require("svix");

const { secret, headers, body } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

// A library says that it does not believe by an exception.
async function believes(Library, text) {
  try {
    await new Library(secret).verify(text, headers);
    return true;
  } catch {
    return false;
  }
}

async function main() {
  for (const Library of [Standard, Svix]) {
    if (!(await believes(Library, body))) throw new Error("a delivery was not believed");
    if (await believes(Library, body.replace("Webhook", "Gateway"))) throw new Error("a changed body was believed");
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
