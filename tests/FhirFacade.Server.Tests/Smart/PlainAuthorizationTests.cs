using System.Security.Claims;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Which requests the short way to a route is for. Everything else is the framework's to judge.</summary>
public sealed class PlainAuthorizationTests
{
    private static readonly ClaimsPrincipal Known = new(new ClaimsIdentity([], "Bearer"));

    [Fact]
    public void A_valid_token_is_enough_where_the_route_asks_for_nothing_else() => Assert.True(IsOpen(Known, new AuthorizeAttribute()));

    [Fact]
    public void Nobody_without_a_valid_token_takes_it()
    {
        Assert.False(IsOpen(new(), new AuthorizeAttribute()));
        Assert.False(IsOpen(new(new ClaimsIdentity()), new AuthorizeAttribute()));
    }

    [Fact]
    public void A_route_that_asks_for_more_or_says_nothing_is_not_reached_by_it()
    {
        Assert.False(IsOpen(Known));
        Assert.False(IsOpen(Known, new AllowAnonymousAttribute()));
        Assert.False(IsOpen(Known, new AuthorizeAttribute("policy")));
        Assert.False(IsOpen(Known, new AuthorizeAttribute { Roles = "role" }));
        Assert.False(IsOpen(Known, new AuthorizeAttribute { AuthenticationSchemes = "scheme" }));
        Assert.False(IsOpen(Known, new AuthorizeAttribute(), new AuthorizeAttribute("policy")));
        Assert.False(IsOpen(Known, new AuthorizeAttribute(), new AuthorizationPolicyBuilder().RequireClaim("claim").Build()));
        var nowhere = new DefaultHttpContext { User = Known };
        Assert.False(PlainAuthorization.IsOpen(nowhere));
    }

    private static bool IsOpen(ClaimsPrincipal caller, params object[] metadata)
    {
        var http = new DefaultHttpContext { User = caller };
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(metadata), "route"));
        return PlainAuthorization.IsOpen(http);
    }
}
