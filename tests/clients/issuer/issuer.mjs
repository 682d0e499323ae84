// A real OpenID Connect issuer. usage: node issuer.mjs PORT AUDIENCE PATIENT ; prints "ready" when it listens.
import Provider from "oidc-provider";

const [port, audience, patient] = process.argv.slice(2);
const scope = "system/Patient.rs patient/Patient.rs patient/Observation.rs user/Patient.rs user/Observation.rs site/review emergency reasoned";
// A patient's claims, a user's (who is a patient, or with user/Observation a doctor), and the right to emergency access.
const claims = (said) => ({
  ...(said.includes("patient/") && { patient }),
  ...(said.includes("user/Patient") && { fhirUser: `${audience}/${said.includes("user/Observation") ? "Practitioner/foreign" : `Patient/${patient}`}` }),
  ...(said.includes("emergency") && { break_glass: true }),
  ...(said.includes("reasoned") && { break_glass_reason: "canary found unconscious, unknown allergies" }),
});
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: ["app", "other"].map((client_id) => ({ client_id, client_secret: "a-secret-of-the-test", grant_types: ["client_credentials"], redirect_uris: [], response_types: [] })),
  scopes: scope.split(" "),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({ scope, audience: resource, accessTokenFormat: "jwt", accessTokenTTL: 120 }),
    },
  },
  extraTokenClaims: (_, token) => claims(token.scope ?? ""),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
