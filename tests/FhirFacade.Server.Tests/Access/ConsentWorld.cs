using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using static FhirFacade.TestSupport.ConsentJson;

namespace FhirFacade.Server.Tests.Access;

/// <summary>
/// The data of <see cref="PolicyWorld"/>, where not a policy but the patient closes what is labelled R: to the app <c>narrow</c>, and to the doctor. Beside it a second
/// patient, whom a resource of the first names, too.
/// </summary>
public sealed class ConsentWorld : IAsyncLifetime
{
    private TestDatabase database = null!;

    public Npgsql.NpgsqlDataSource DataSource => database.DataSource;

    public RunningServer Server { get; private set; } = null!;

    /// <summary>A back-end of the site's own.</summary>
    public string Root { get; private set; } = null!;

    /// <summary>An app that may do everything by its scope, and is denied what is labelled R.</summary>
    public string Narrow { get; private set; } = null!;

    /// <summary>The same for one patient.</summary>
    public string NarrowPatient { get; private set; } = null!;

    /// <summary>An app that is denied nothing.</summary>
    public string Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        Server = await StartAsync(ConsentMode.OptOut);
        Root = Server.Token(FhirServer.Everything);
        Narrow = Server.Token(FhirServer.Everything, client: "narrow");
        NarrowPatient = Server.Token("patient/*.cruds", "p", "narrow");
        Other = Server.Token(FhirServer.Everything, client: "other");
        await PolicyWorld.FillAsync(Server, Root);
        await PutAsync(FhirServer.Patient("q", "Quandt"));
        await PutAsync(Shared("shared", "p", "q"));
        await PutAsync(Of("labelled", "p", Provision("permit", null, Provision("deny", Label(Confidentiality, "R").And(Actor("Device/narrow", "Practitioner/doctor"))))));
    }

    public Task<RunningServer> StartAsync(ConsentMode mode) =>
        RunningServer.StartAsync(database.DataSource, access: new AccessOptions { Audit = AuditMode.Spooled, Consent = mode, ConsentExempt = ["test"] });

    public Task<Answer> PutAsync(JsonObject resource) => PolicyWorld.PutAsync(Server, Root, resource);

    public async Task DeleteAsync(string reference) => Assert.Equal(HttpStatusCode.NoContent, (await Server.SendAsync(HttpMethod.Delete, "fhir/" + reference, Root)).Status);

    /// <summary>A token of a person.</summary>
    public static string TokenOf(RunningServer server, string fhirUser, string scope, string? patient = null, string client = "app") =>
        server.Services.GetRequiredService<AccessTokens>().Issue("u", client, scope, patient is null ? [new("fhirUser", fhirUser)] : [new("fhirUser", fhirUser), new("patient", patient)]);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>A resource of nobody, since it names two.</summary>
    public static JsonObject Shared(string id, params string[] patients) => new()
    {
        ["resourceType"] = "Appointment", ["id"] = id, ["status"] = "proposed",
        ["participant"] = new JsonArray([.. patients.Select(patient => new JsonObject { ["actor"] = Reference("Patient/" + patient), ["status"] = "accepted" })]),
    };
}
