using System.Text;
using System.Xml.Linq;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Xml;
using FhirFacade.Fuzz.Mutation;

namespace FhirFacade.Fuzz.Targets;

/// <summary>application/fhir+xml: read, and what has been read written again.</summary>
internal sealed class XmlTarget : FuzzTarget
{
    private static readonly string[] Texts =
    [
        "<!DOCTYPE x [<!ENTITY a \"b\">]>", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">", "&a;", "&#0;", "&#xD800;", "&#x10FFFF;", "<![CDATA[x]]>", "]]>", "<!-- -->", "<?xml version=\"1.1\"?>", "<?x y?>",
        " xmlns=\"\"", " xmlns:x=\"http://hl7.org/fhir\"", " value=\"\"", " value=\"x\"", " id=\"x\"", " url=\"x\"", "<extension url=\"x\">", "</extension>", "<contained>", "<id value=\"x\"/>", "<x", "/>", "</", "\"", "'", "&", "<",
        "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">", "</div></text>", "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\"", "\u2028", "\uFFFE", "é",
    ];

    private static readonly byte[][] Pieces = [.. Texts.Select(Encoding.UTF8.GetBytes), [0xff], [0xc0, 0x80], [0xef, 0xbb, 0xbf], [0xfe, 0xff], [0]];

    private readonly List<byte[]> _seeds = [.. Seeds.Resources.Select(InXml).OfType<byte[]>()];

    public override string Name => "xml";

    public override bool Feed(byte[] input)
    {
        var read = XmlResourceReader.Read(input);
        FuzzViolation.Unless((read.Resource is null) != read.Issues.IsEmpty, "a resource or issues");
        if (read.Resource is null)
        {
            ResourcePromises.Told(read.Issues);
            return false;
        }

        using var parsed = ResourceParser.Parse(read.ToJson());
        FuzzViolation.Unless(parsed.Document is not null, "JSON out of XML is read");
        ResourcePromises.Hold(parsed.Document!.RootElement, allRules: false);
        return true;
    }

    protected override byte[] Make(Random random)
    {
        var seed = _seeds[random.Next(_seeds.Count)];
        return random.Next(5) switch
        {
            0 or 1 => Written(random) ?? seed,
            2 => ByteMutator.Mutate(seed, random, Pieces),
            3 => Tree(seed, random),
            _ => ByteMutator.Mutate(Tree(seed, random), random, Pieces),
        };
    }

    private static byte[]? InXml(byte[] json)
    {
        using var parsed = ResourceParser.Parse(json);
        return parsed.Document is null ? null : XmlResourceWriter.Write(parsed.Document.RootElement).Xml;
    }

    // A strange resource that can still be written as XML.
    private static byte[]? Written(Random random) =>
        Enumerable.Range(0, 8).Select(_ => InXml(JsonMutator.Mutate(Seeds.Resources, random))).FirstOrDefault(xml => xml is not null);

    // Elements left out, doubled, moved, renamed, nested deeply: still well-formed.
    private byte[] Tree(byte[] seed, Random random)
    {
        var root = XElement.Parse(Encoding.UTF8.GetString(seed), LoadOptions.PreserveWhitespace);
        root.DescendantsAndSelf().Attributes().Where(attribute => attribute.IsNamespaceDeclaration).Remove();
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var elements = root.Descendants().Take(400).ToList();
            if (elements.Count == 0)
            {
                break;
            }

            var element = elements[random.Next(elements.Count)];
            var other = elements[random.Next(elements.Count)];
            switch (random.Next(7))
            {
                case 0:
                    element.Remove();
                    break;
                case 1:
                    element.AddAfterSelf(new XElement(element));
                    break;
                case 2:
                    element.AddAfterSelf(new XElement(other));
                    break;
                case 3:
                    element.Name = other.Name;
                    break;
                case 4:
                    element.SetAttributeValue(random.Next(2) == 0 ? "value" : "id", Texts[random.Next(Texts.Length)].Replace("\uFFFE", "", StringComparison.Ordinal));
                    break;
                case 5:
                    for (var depth = random.Next(100); depth > 0; depth--)
                    {
                        element.ReplaceWith(element = new XElement(other.Name, new XElement(element)));
                    }

                    break;
                default:
                    element.Add(random.Next(2) == 0 ? new XText("x") : new XComment("x"));
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(root.ToString(SaveOptions.DisableFormatting));
    }
}
