using System.Collections.Immutable;

namespace FhirFacade.Server.Pages;

/// <summary>A page for people.</summary>
/// <param name="Title">What the browser calls it, before the name of the product.</param>
/// <param name="Main">Its content, with one <c>h1</c>.</param>
public sealed record Page(string Title, Html Main)
{
    /// <summary>A single card in the middle, as for signing in; else the whole width.</summary>
    public bool IsCard { get; init; }

    /// <summary>What stands in the band above the content of a wide page, with the <c>h1</c>; nothing for none.</summary>
    public Html? Band { get; init; }

    /// <summary>Scripts of <c>Assets/</c>, by name. None of a page's work may need them where a form can do it.</summary>
    public ImmutableArray<string> Scripts { get; init; } = [];

    /// <summary>
    /// Origins that a form of the page may lead to beside this server's, redirects included (CSP <c>form-action</c>): that of an app which a consent goes back to.
    /// </summary>
    public ImmutableArray<string> FormTargets { get; init; } = [];
}
