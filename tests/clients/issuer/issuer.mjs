// A real OpenID Connect issuer. usage: node issuer.mjs PORT AUDIENCE PATIENT ; prints "ready" when it listens.
import Provider from "oidc-provider";

const [port, audience, patient] = process.argv.slice(2);
const scope = "system/Patient.rs patient/Patient.rs patient/Observation.rs user/Patient.rs";
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "app", client_secret: "a-secret-of-the-test", grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }],
  scopes: scope.split(" "),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({ scope, audience: resource, accessTokenFormat: "jwt", accessTokenTTL: 120 }),
    },
  },
  extraTokenClaims: (_, token) => (token.scope?.includes("patient/") ? { patient } : token.scope?.includes("user/") ? { fhirUser: `${audience}/Patient/${patient}` } : undefined),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
