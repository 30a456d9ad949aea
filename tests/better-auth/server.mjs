// A real Better Auth server for Taskward's tests: the foreign issuer whose tokens Taskward has to accept or refuse.
//
// Better Auth decides everything about its cookies and tokens here; this file only configures it the way its users do.
// What is not Better Auth's own is under /test/ or in the plugin at the end, and says so. See README.md.

import { webcrypto } from "node:crypto";
import { createServer } from "node:http";

import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { createAuthEndpoint, sessionMiddleware } from "better-auth/api";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins/jwt";
import { SignJWT } from "jose";

// Node 18, which Debian 12 has, is all that Better Auth needs but for this global.
globalThis.crypto ??= webcrypto;

if (!process.env.BETTER_AUTH_SECRET && !process.env.BETTER_AUTH_SECRETS) {
  // Better Auth would start with a default that is public knowledge, and the test would prove nothing.
  console.error("set BETTER_AUTH_SECRET, or BETTER_AUTH_SECRETS");
  process.exit(2);
}

// The parent holds the other end of stdin: when it ends, however it ends, so does this process.
process.stdin.resume();
for (const event of ["end", "close", "error"]) {
  process.stdin.on(event, () => process.exit(0));
}

// One database for all instances: an account and its session are good at each of them.
const database = { user: [], session: [], account: [], verification: [], jwks: [] };
const mails = [];
const server = createServer();

server.listen(0, "127.0.0.1", async () => {
  // Only now: the port is part of the issuer's name.
  const url = `http://127.0.0.1:${server.address().port}`;
  const instances = startInstances(url);
  await Promise.all(instances.map(({ auth }) => auth.$context));
  const routes = instances.map(({ path, auth }) => ({ path: `${path}/`, handle: toNodeHandler(auth) }));

  server.on("request", (request, response) => {
    const route = routes.find(({ path }) => request.url.startsWith(path));
    if (route) {
      route.handle(request, response);
    } else {
      answerTest(request, response);
    }
  });
  console.log(JSON.stringify({ url }));
});

function startInstances(baseURL) {
  const start = (path, { plugins, ...more }) => ({
    path,
    auth: betterAuth({ ...commonOptions(baseURL), basePath: path, plugins, ...more }),
  });

  const main = start("/api/auth", { plugins: [jwt(), minimalToken()] });
  // The jwt plugin under a signer of the operator's own: HS256 with the secret that Better Auth itself uses.
  const customSigner = start("/api/auth-hs256", {
    plugins: [
      jwt({
        jwks: { remoteUrl: `${baseURL}/unused`, keyPairConfig: { alg: "HS256" } },
        jwt: { sign: async (payload) => signWithSecret(payload, (await customSigner.auth.$context).secret) },
      }),
    ],
  });
  // What Better Auth does behind https: the cookies' names get the prefix __Secure-.
  const secure = start("/api/auth-secure", { plugins: [jwt()], advanced: { useSecureCookies: true } });
  // The session cookie signed by the jwt plugin's own key instead of the secret.
  const signedCookie = start("/api/auth-jwks-cookie", { plugins: [jwt({ sessionCookieCache: true })] });

  return [main, customSigner, secure, signedCookie];
}

function commonOptions(baseURL) {
  const keep = (kind) => async ({ user, newEmail, url, token }) => {
    mails.push({ kind, to: user.email, ...(newEmail && { newEmail }), url, token });
  };
  return {
    baseURL,
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true, sendResetPassword: keep("reset-password") },
    emailVerification: { sendOnSignUp: true, sendVerificationEmail: keep("verify-email") },
    user: {
      changeEmail: { enabled: true, sendChangeEmailConfirmation: keep("change-email") },
      deleteUser: { enabled: true, sendDeleteAccountVerification: keep("delete-account") },
    },
    session: { cookieCache: { enabled: true, strategy: "jwt" } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // stdout carries the one line that the parent waits for.
    logger: { log: (level, message, ...more) => console.error(level, message, ...more) },
  };
}

// The smallest token that an application makes of a session for a service of its own: a route beside Better Auth's.
function minimalToken() {
  return {
    id: "minimal-token",
    endpoints: {
      minimalToken: createAuthEndpoint("/minimal-token", { method: "GET", use: [sessionMiddleware] }, async (ctx) => {
        const { user } = ctx.context.session;
        const query = new URL(ctx.request.url).searchParams;
        const subject = query.get("subject") === "user_id" ? { user_id: user.id } : { sub: user.id };
        const iat = Math.floor(Date.now() / 1000);
        const exp = iat + Number(query.get("ttl") ?? 900);
        const token = await signWithSecret({ ...subject, email: user.email, iat, exp }, ctx.context.secret);
        return ctx.json({ token });
      }),
    },
  };
}

function signWithSecret(payload, secret) {
  return new SignJWT(payload).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(new TextEncoder().encode(secret));
}

// No part of Better Auth: what a test has to see or do behind its back.
function answerTest({ method, url }, response) {
  const [path, query] = url.split("?");
  const answer = (status, body) => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(body));
  };
  switch (`${method} ${path}`) {
    case "GET /test/mail": {
      const email = new URLSearchParams(query).get("email");
      return answer(200, mails.filter(({ to, newEmail }) => [to, newEmail].includes(email)));
    }
    case "POST /test/rotate-keys":
      // As if the rotation interval had passed: the next token makes a new key; the old stays published for its grace.
      for (const key of database.jwks) {
        key.expiresAt ??= new Date(Date.now() - 1000);
      }
      return answer(200, { expired: database.jwks.map(({ id }) => id) });
    default:
      return answer(404, { error: "not found" });
  }
}
