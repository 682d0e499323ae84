// A scripted session of two public clients. usage: node session.mjs BASE TOKEN ; prints a line a step, fails with the first that is wrong.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [base, token] = process.argv.slice(2);
const number = `session-${process.pid}-${Date.now()}`;
const patient = { resourceType: "Patient", identifier: [{ system: "urn:session", value: number }], name: [{ family: "Sitzung", given: ["Erika"] }], gender: "female" };
const step = (name) => console.log(`ok ${name}`);

const { Client } = await import("fhir-kit-client");
const kit = new Client({ baseUrl: base, bearerToken: token });
const statement = await kit.capabilityStatement();
assert.equal(statement.fhirVersion, "4.0.1");
step("kit capabilities");
const smart = await kit.smartAuthMetadata();
assert.ok(smart.tokenUrl);
step("kit smart metadata");
const created = await kit.create({ resourceType: "Patient", body: patient });
assert.ok(created.id);
const read = await kit.read({ resourceType: "Patient", id: created.id });
assert.equal(read.name[0].family, "Sitzung");
step("kit create and read");
const updated = await kit.update({ resourceType: "Patient", id: created.id, body: { ...read, gender: "other" } });
assert.equal(updated.meta.versionId, "2");
const version = await kit.vread({ resourceType: "Patient", id: created.id, version: "1" });
assert.equal(version.gender, "female");
const patched = await kit.patch({ resourceType: "Patient", id: created.id, jsonPatch: [{ op: "replace", path: "/gender", value: "male" }] });
assert.equal(patched.gender, "male");
step("kit update, vread and patch");
const history = await kit.resourceHistory({ resourceType: "Patient", id: created.id });
assert.equal(history.entry.length, 3);
step("kit history");
const found = await kit.search({ resourceType: "Patient", searchParams: { identifier: `urn:session|${number}` } });
assert.equal(found.entry.length, 1);
const posted = await kit.search({ resourceType: "Patient", searchParams: { identifier: `urn:session|${number}` }, options: { postSearch: true } });
assert.equal(posted.entry.length, 1);
step("kit search by GET and POST");
const answer = await kit.transaction({
  body: {
    resourceType: "Bundle", type: "transaction",
    entry: [1, 2, 3].map((n) => ({
      resource: { resourceType: "Observation", status: "final", code: { text: `lab ${n}` }, subject: { reference: `Patient?identifier=urn:session|${number}` } },
      request: { method: "POST", url: "Observation" },
    })),
  },
});
assert.equal(answer.entry.length, 3);
step("kit transaction");
const first = await kit.search({ resourceType: "Observation", searchParams: { patient: created.id, _count: 2 } });
const second = await kit.nextPage({ bundle: first });
assert.equal(first.entry.length + second.entry.length, 3);
step("kit paging");
const everything = await kit.operation({ name: "everything", resourceType: "Patient", id: created.id, method: "GET" });
assert.equal(everything.entry.length, 4);
step("kit operation");
await assert.rejects(kit.read({ resourceType: "Patient", id: "nobody" }), (e) => e.response.status === 404 && e.response.data.resourceType === "OperationOutcome");
step("kit error");

const smartOf = require("fhirclient");
const smartClient = smartOf({ headers: {} }, {}).client({ serverUrl: base, tokenResponse: { access_token: token, patient: created.id } });
assert.ok(smartClient, "fhirclient makes a client");
const person = await smartClient.patient.read();
assert.equal(person.id, created.id);
step("fhirclient patient.read");
const labs = await smartClient.request(`Observation?patient=${created.id}&_count=2`, { pageLimit: 0, flat: true });
assert.equal(labs.length, 3);
step("fhirclient paged request");
const observation = await smartClient.request(`Observation/${labs[0].id}`, { resolveReferences: "subject" });
assert.equal(observation.subject.id, created.id);
step("fhirclient resolves references");
const made = await smartClient.create({ resourceType: "Patient", name: [{ family: "Zweite" }] });
const changed = await smartClient.update({ ...made, gender: "unknown" });
assert.equal(changed.gender, "unknown");
const patchedToo = await smartClient.patch(`Patient/${made.id}`, [{ op: "replace", path: "/gender", value: "female" }]);
assert.equal(patchedToo.gender, "female");
await smartClient.delete(`Patient/${made.id}`);
await assert.rejects(smartClient.request(`Patient/${made.id}`), (e) => e.statusCode === 410 || e.status === 410);
step("fhirclient create, update, patch and delete");
console.log("done");
