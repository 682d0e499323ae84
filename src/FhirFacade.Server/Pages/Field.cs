namespace FhirFacade.Server.Pages;

/// <summary>A field of a form with its label, a hint, and what is wrong with it, tied together for screen readers.</summary>
/// <param name="Name">The name under which the form sends it; also the element's id.</param>
/// <param name="Label">What it is called, always visible.</param>
public sealed record Field(string Name, string Label)
{
    /// <summary>The input's type: <c>text</c>, <c>password</c>, <c>email</c> ...</summary>
    public string Type { get; init; } = "text";

    /// <summary>What it holds already. Never a secret.</summary>
    public string? Value { get; init; }

    /// <summary>What helps to fill it in.</summary>
    public string? Hint { get; init; }

    /// <summary>What is wrong with what was filled in; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>The value of <c>autocomplete</c>: <c>username</c>, <c>current-password</c>, <c>one-time-code</c> ...</summary>
    public string Autocomplete { get; init; } = "off";

    /// <summary>Whether the form cannot be sent without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The markup.</summary>
    public Html ToHtml()
    {
        var described = string.Join(' ', new[] { Hint is null ? null : Name + "-hint", Error is null ? null : Name + "-error" }.OfType<string>());
        return $"""
            <div class="field">
            <label for="{Name}">{Label}</label>
            {(Hint is null ? Html.Empty : Html.Of($"<p class=\"hint\" id=\"{Name}-hint\">{Hint}</p>"))}
            {(Error is null ? Html.Empty : Html.Of($"<p class=\"wrong\" id=\"{Name}-error\">{Error}</p>"))}
            <input id="{Name}" name="{Name}" type="{Type}" value="{Value}" autocomplete="{Autocomplete}" autocapitalize="none" spellcheck="false"{(described.Length == 0 ? Html.Empty : Html.Of($" aria-describedby=\"{described}\""))}{(Error is null ? Html.Empty : Html.Of($" aria-invalid=\"true\""))}{(IsRequired ? Html.Of($" required") : Html.Empty)}>
            </div>

            """;
    }
}
