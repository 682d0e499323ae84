using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Rules of Bundles that are not invariants: https://hl7.org/fhir/R4/bundle.html#bundle-unique and #references</summary>
internal static class BundleRules
{
    public static void Check(InstanceNode bundle, ValidationRun run)
    {
        var type = bundle.Text("type");
        var entries = run.Children.Named(bundle, "entry");
        foreach (var entry in entries)
        {
            FullUrl(entry, type, run);
        }

        if (type is "document" or "message" && entries.Count > 0 && run.Children.Named(entries[0], "resource") is [var first])
        {
            ReferencesOf(first, run);
        }
    }

    private static void FullUrl(InstanceNode entry, string? bundleType, ValidationRun run)
    {
        var resource = entry.Json.Part("resource");
        if (entry.Json.Text("fullUrl") is not { } fullUrl)
        {
            // Where a server has yet to name the resource, or answers for one, there may be none.
            if (resource.ValueKind == JsonValueKind.Object && bundleType is "document" or "message" or "collection" or "searchset")
            {
                run.Report(IssueSeverity.Warning, IssueType.Required, entry.Place, "An entry with a resource has a fullUrl.");
            }

            return;
        }

        if (fullUrl.Contains("/_history/", StringComparison.Ordinal))
        {
            // bdl-8, an invariant, says so.
            return;
        }

        if (resource.Text("id") is { } id && resource.Text("resourceType") is { } type
            && ReferenceTarget.TypeOf(fullUrl, R4.Definitions) == type && !fullUrl.EndsWith("/" + id, StringComparison.Ordinal))
        {
            run.Error(IssueType.Invalid, new NodePlace(entry.Place, "fullUrl"), "The fullUrl of a resource on a server ends with its id.");
        }
    }

    // What a document or message is about travels in it (https://hl7.org/fhir/R4/documents.html#content, messaging.html#bundle).
    private static void ReferencesOf(InstanceNode first, ValidationRun run)
    {
        foreach (var path in first.Type.Name == "Composition" ? Composition : first.Type.Name == "MessageHeader" ? MessageHeader : [])
        {
            IEnumerable<InstanceNode> nodes = [first];
            nodes = path.Split('.').Aggregate(nodes, (at, name) => at.SelectMany(node => run.Children.Named(node, name)));
            foreach (var reference in nodes.SelectMany(node => WithNested(node, path, run)).Where(node => node.Type.Name == "Reference" && node.Text("reference") is { Length: > 0 }))
            {
                if (run.FollowInside(reference) is null)
                {
                    // A document may be made for somebody who may not see all that its sections list.
                    run.Report(path == "section" ? IssueSeverity.Warning : IssueSeverity.Error, IssueType.NotFound, reference.Place, "What this refers to is not in the Bundle.");
                }
            }
        }
    }

    // Sections have sections.
    private static IEnumerable<InstanceNode> WithNested(InstanceNode node, string path, ValidationRun run) => path != "section"
        ? [node]
        : run.Children.Named(node, "entry").Concat(run.Children.Named(node, "section").SelectMany(inner => WithNested(inner, path, run)));

    private static readonly string[] Composition = ["subject", "encounter", "author", "attester.party", "custodian", "event.detail", "section"];

    private static readonly string[] MessageHeader = ["focus"];
}
