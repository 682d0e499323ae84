using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Problems;

/// <summary>
/// PRB -> Condition of the problem list, GOL -> Goal, VAR -> a note on either, by their instance numbers (PRB-4, GOL-4), else by patient and code.
/// A goal under a problem addresses it, and so does a goal with the problems under it (PGL).
/// </summary>
internal sealed class ProblemAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private ResourceDraft? _problem;
    private ResourceDraft? _goal;
    private ResourceDraft? _current;
    private ResourceDraft? _last;

    /// <summary>The Condition or Goal that later segments are about; null before the first.</summary>
    public ResourceDraft? Current => _current;

    public void Prb(Hl7Segment prb)
    {
        walk.Noted = null;
        if (Draft("Condition", prb) is not { } draft)
        {
            return;
        }

        var content = draft.Content;
        content["category"] = new JsonArray(Coded.Concept("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item", "Problem List Item"));
        content.Put("encounter", walk.Encounter?.Reference());
        _scope.Maps["PRB-Condition"].Run(prb, draft, _scope);
        _scope.Maps["PRB-Provenance"].Run(prb, walk.Provenance, _scope);
        ProblemStatus.Decide(prb, draft, _scope);
        _problem = _last;
        if (walk.MessageCode != "PGL")
        {
            _goal = null;
        }

        Address();
        if (EpisodeAssembly.Of(prb[5], walk.Encounter, walk.Patient!, _scope) is { } episode)
        {
            EpisodeAssembly.Diagnose(episode, _last!);
        }
    }

    public void Gol(Hl7Segment gol)
    {
        walk.Noted = null;
        if (Draft("Goal", gol) is not { } draft)
        {
            return;
        }

        _scope.Maps["GOL-Goal"].Run(gol, draft, _scope);
        _scope.Maps["GOL-Provenance"].Run(gol, walk.Provenance, _scope);
        GoalStatus.Decide(gol, draft, _scope);
        _goal = _last;
        if (walk.MessageCode == "PGL")
        {
            _problem = null;
        }

        Address();
        EpisodeAssembly.Of(gol[5], walk.Encounter, walk.Patient!, _scope);
    }

    public void Var(Hl7Segment var)
    {
        if (_current is { } about)
        {
            _scope.Maps[$"VAR-{about.Type}"].Run(var, about, _scope);
        }
    }

    /// <summary>An observation under a problem is evidence of it, one under a goal its outcome.</summary>
    public void Observed(ResourceDraft observation)
    {
        if (_current is { Type: "Condition" } problem)
        {
            problem.Content.Append("evidence", new JsonObject { ["detail"] = new JsonArray(observation.Reference()) });
        }
        else
        {
            _current?.Content.Append("outcomeReference", observation.Reference());
        }
    }

    /// <summary>What is ordered under a problem is ordered because of it.</summary>
    public void Ordered(ResourceDraft request)
    {
        if (_problem is { } problem && !Feeds(request, problem))
        {
            request.Content.Append("reasonReference", problem.Reference());
        }
    }

    private static bool Feeds(ResourceDraft request, ResourceDraft problem) =>
        request.Content["reasonReference"] is JsonArray list && list.Any(r => (string?)r!["reference"] == $"Condition/{problem.Id}");

    // Null if it cannot be told apart from any other; a repeated one is read and goes nowhere.
    private ResourceDraft? Draft(string type, Hl7Segment segment)
    {
        if (walk.Patient is not { } patient)
        {
            return null;
        }

        var number = EiToIdentifier.Key(segment[4], _scope);
        var code = FhirText.Code(segment[3][1]) ?? CweToString.Text(segment[3]);
        if (number is null && code is null)
        {
            return null;
        }

        var id = number is { } key
            ? BusinessId.Of(type, patient.Id, "instance", key.Scope(_scope), key.Value)
            : BusinessId.Of(type, patient.Id, "list", code!.ToUpperInvariant(), FhirText.String(segment[3][3]));
        _last = _scope.Resources.GetOrAdd(type, id, TranslationMode.Merge, out var isNew);
        _current = _last;
        walk.Noted = _last;
        var target = isNew ? _last : _scope.Scratch(_last);
        target.Content["subject"] = patient.Reference();
        return target;
    }

    private void Address()
    {
        if (_problem is { } problem && _goal is { } goal)
        {
            goal.Content.Append("addresses", problem.Reference());
        }
    }
}
