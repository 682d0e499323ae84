using System.Security.Cryptography;
using System.Text;
using FhirFacade.Storage.Search.Index;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Storage.Tests.Search.Index;

public sealed class TermCacheTests
{
    [Fact]
    public void What_is_found_is_what_was_kept_for_exactly_that_input()
    {
        Prop.ForAll<string[]>(texts =>
        {
            foreach (var text in texts)
            {
                var input = Encoding.UTF8.GetBytes(text ?? "");
                if (!TermCache.TryGet(input, out var place, out _))
                {
                    TermCache.Keep(place, input, BitConverter.ToInt64(SHA256.HashData(input)));
                }
            }

            return texts.Select(text => Encoding.UTF8.GetBytes(text ?? ""))
                .All(input => !TermCache.TryGet(input, out _, out var term) || term == BitConverter.ToInt64(SHA256.HashData(input)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void More_terms_than_there_are_places_come_out_as_they_went_in()
    {
        long[] first = [.. Enumerable.Range(0, 100_000).Select(i => Terms.TokenCode("code", $"c-{i}"))];
        long[] again = [.. Enumerable.Range(0, 100_000).Select(i => Terms.TokenCode("code", $"c-{i}"))];
        Assert.Equal(first, again);
        Assert.Equal(first.Length, first.Distinct().Count());
    }
}
