using FhirFacade.Fhir.Definitions;
using Xunit;

namespace FhirFacade.Fhir.Tests.Definitions;

public sealed class R4DefinitionsTests
{
    private static readonly DefinitionSet R4Types = R4.Definitions;

    [Fact]
    public void All_resource_types_of_the_specification_are_there_and_no_others()
    {
        var codes = R4Types.ValueSet("http://hl7.org/fhir/ValueSet/resource-types")!.Codes;

        Assert.Equal(codes.Except(["Resource", "DomainResource"]).Order(StringComparer.Ordinal), R4Types.ResourceTypes.Order(StringComparer.Ordinal));
        Assert.Equal(146, R4Types.ResourceTypes.Count);
        Assert.False(R4Types.IsResourceType("patient"));
        Assert.False(R4Types.IsResourceType("DomainResource"));
        Assert.False(R4Types.IsResourceType("HumanName"));
    }

    [Fact]
    public void Every_type_that_an_element_names_exists()
    {
        var unknown = from type in R4Types.Types
                      from element in type.Elements
                      from name in element.Types.Concat(element.ReferenceTargets).Concat(element.CanonicalTargets)
                      where R4Types.Type(name) is null
                      select $"{element.Path}: {name}";

        Assert.Empty(unknown);
    }

    [Fact]
    public void Inherited_elements_come_first_in_the_order_of_the_specification() =>
        Assert.Equal(
            ["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension", "identifier", "active", "name"],
            R4Types.Type("Patient")!.Elements.Take(11).Select(element => element.Name));

    [Fact]
    public void The_parts_of_an_element_are_a_type_of_their_own()
    {
        var contact = R4Types.Type("Patient")!.Element("contact")!;

        Assert.Equal("Patient.contact", Assert.Single(contact.Types));
        var parts = R4Types.Type("Patient.contact")!;
        Assert.Equal(TypeKind.Backbone, parts.Kind);
        Assert.Equal("Patient.contact.gender", parts.Element("gender")!.Path);
        Assert.Contains(parts.Constraints, rule => rule.Key == "pat-1");
        Assert.True(R4Types.IsA("Patient.contact", "Element"));
    }

    [Fact]
    public void A_content_reference_leads_to_the_parts_of_the_other_element()
    {
        Assert.Equal("Observation.referenceRange", R4Types.Type("Observation.component")!.Element("referenceRange")!.Types.Single());
        Assert.Equal("Questionnaire.item", R4Types.Type("Questionnaire.item")!.Element("item")!.Types.Single());
    }

    [Theory]
    [InlineData("valueQuantity", "Quantity")]
    [InlineData("valueDateTime", "dateTime")]
    [InlineData("valueString", "string")]
    public void A_choice_is_found_by_its_typed_name(string name, string type)
    {
        Assert.True(R4Types.Type("Observation")!.TryMatch(name, out var match));
        Assert.Equal(type, match.TypeName);
        Assert.Equal("Observation.value[x]", match.Element.Path);
        Assert.Same(match.Element, R4Types.Type("Observation")!.Element("value"));
        Assert.Same(match.Element, R4Types.Type("Observation")!.Elements[match.Index]);
    }

    [Theory]
    [InlineData("value")]
    [InlineData("value[x]")]
    [InlineData("valueMoney")]
    [InlineData("ValueQuantity")]
    public void What_is_no_JSON_name_of_a_choice_is_not_matched(string name) =>
        Assert.False(R4Types.Type("Observation")!.TryMatch(name, out _));

    [Fact]
    public void Elements_know_cardinality_targets_bindings_and_flags()
    {
        var observation = R4Types.Type("Observation")!;

        var status = observation.Element("status")!;
        Assert.Equal((1, 1), (status.Min, status.Max));
        Assert.True(status is { IsModifier: true, IsSummary: true, IsArray: false });
        Assert.Equal(new Binding(BindingStrength.Required, "http://hl7.org/fhir/ValueSet/observation-status"), status.Binding);
        Assert.Equal(["Patient", "Group", "Device", "Location"], observation.Element("subject")!.ReferenceTargets);
        Assert.Empty(observation.Element("focus")!.ReferenceTargets);
        Assert.Null(observation.Element("category")!.Max);
        Assert.Equal(["Questionnaire"], R4Types.Type("QuestionnaireResponse")!.Element("questionnaire")!.CanonicalTargets);
        Assert.Contains(observation.Constraints, rule => rule.Key == "obs-6");
        Assert.Contains(observation.Constraints, rule => rule is { Key: "dom-6", IsWarning: true });
        Assert.Contains(R4Types.Type("Narrative")!.Element("div")!.Constraints, rule => rule.Key == "txt-1");
    }

    [Theory]
    [InlineData("Age", "Quantity")]
    [InlineData("code", "string")]
    [InlineData("positiveInt", "integer")]
    [InlineData("Patient", "Resource")]
    [InlineData("Dosage", "BackboneElement")]
    public void Types_specialise_others(string type, string ancestor)
    {
        Assert.True(R4Types.IsA(type, ancestor));
        Assert.False(R4Types.IsA(ancestor, type));
    }

    [Fact]
    public void Elements_that_the_source_adds_to_R4_are_not_taken_over()
    {
        Assert.Null(R4Types.Type("Meta")!.Element("project"));
        Assert.Null(R4Types.Type("Binary")!.Element("url"));
        Assert.Null(R4Types.Type("ResearchStudy")!.Element("label"));
        Assert.Null(R4Types.Type("DeviceDefinition")!.Element("classification"));
        Assert.Equal(
            ["description", "definition", "usageContext", "exclude", "participantEffective", "timeFromStart", "groupMeasure"],
            R4Types.Type("EvidenceVariable.characteristic")!.Elements.Select(element => element.Name).Except(["id", "extension", "modifierExtension"]));
    }

    [Fact]
    public void Required_codes_can_be_looked_up_unless_their_value_set_is_open_by_nature()
    {
        var missing = from type in R4Types.Types
                      from element in type.Elements
                      where element.Binding is { Strength: BindingStrength.Required } binding && R4Types.ValueSet(binding.ValueSet) is null
                      select element.Binding!.ValueSet;

        Assert.Equal(
            ["http://hl7.org/fhir/ValueSet/currencies", "http://hl7.org/fhir/ValueSet/mimetypes", "http://hl7.org/fhir/ValueSet/ucum-units", "http://loinc.org/vs/LL379-9"],
            missing.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Codes_belong_to_their_system()
    {
        var gender = R4Types.ValueSet("http://hl7.org/fhir/ValueSet/administrative-gender")!;

        Assert.True(gender.Contains("female"));
        Assert.False(gender.Contains("F"));
        Assert.True(gender.Contains("http://hl7.org/fhir/administrative-gender", "female"));
        Assert.False(gender.Contains("http://example.org", "female"));
    }
}
